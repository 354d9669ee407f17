import { AppShell, Burger, Button, Group, NavLink, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useMutation } from '@tanstack/react-query';
import { type ReactNode, useEffect } from 'react';
import { Link, useLocation } from 'wouter';
import { callConsole } from '../call-console.ts';
import css from '../console.module.css';
import { useSession } from '../session.ts';
import { placesFor } from './places.ts';

/** The frame of all screens: where one can go, and who one is. */
export function Shell({ children }: { readonly children: ReactNode }) {
  const { operator, actions } = useSession();
  const [path] = useLocation();
  const [isOpen, { toggle, close }] = useDisclosure();
  const logOut = useMutation({
    mutationFn: () => callConsole('DELETE', '/console/api/session'),
    // With an empty page: nothing of what was shown stays in it.
    onSettled: () => location.assign('/console'),
  });
  useEffect(() => {
    if (path) close();
  }, [path, close]);

  return (
    <AppShell
      header={{ height: 52 }}
      navbar={{ width: 220, breakpoint: 'sm', collapsed: { mobile: !isOpen } }}
      padding={{ base: 'sm', sm: 'lg' }}
    >
      <AppShell.Header px="md">
        <Group h="100%" justify="space-between" wrap="nowrap">
          <Group gap="sm" wrap="nowrap">
            <Burger opened={isOpen} onClick={toggle} hiddenFrom="sm" size="sm" aria-label="Navigation" />
            <Text fw={700}>Countersign</Text>
          </Group>
          <Group gap="sm" wrap="nowrap">
            <Text size="sm" className={css.operator}>
              {operator}
            </Text>
            <Button variant="default" size="xs" miw="fit-content" onClick={() => logOut.mutate()}>
              Log out
            </Button>
          </Group>
        </Group>
      </AppShell.Header>
      <AppShell.Navbar p="xs" aria-label="Console">
        {placesFor(actions).map((place) => (
          <NavLink
            key={place.path}
            component={Link}
            href={place.path}
            label={place.label}
            className={css.place}
            active={path === place.path || path.startsWith(`${place.path}/`)}
            aria-current={path === place.path ? 'page' : undefined}
          />
        ))}
      </AppShell.Navbar>
      <AppShell.Main>{children}</AppShell.Main>
    </AppShell>
  );
}
