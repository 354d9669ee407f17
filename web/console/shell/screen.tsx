import { Anchor, Breadcrumbs, Group, Stack, Title } from '@mantine/core';
import { type ReactNode, useEffect, useRef } from 'react';
import { Link } from 'wouter';
import css from '../console.module.css';

/** A screen above another one. */
export interface Step {
  readonly label: string;
  readonly href: string;
}

export interface ScreenProps {
  readonly title: string;
  /** The screens above this one. */
  readonly trail?: readonly Step[];
  /** Beside the title. */
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}

let isFirst = true;

/** One screen with its title, which has the focus when one comes from another screen. */
export function Screen({ title, trail = [], actions, children }: ScreenProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${title} · Countersign console`;
  }, [title]);
  useEffect(() => {
    if (!isFirst) heading.current?.focus({ preventScroll: true });
    isFirst = false;
    scrollTo(0, 0);
  }, []);
  return (
    <Stack gap="lg" className={css.screen}>
      <Group justify="space-between" align="flex-end" mih={36}>
        <div>
          {trail.length > 0 && (
            <Breadcrumbs component="nav" aria-label="Above" separatorMargin={6} fz="sm">
              {trail.map(({ label, href }) => (
                <Anchor key={href} component={Link} href={href} size="sm" c="dimmed">
                  {label}
                </Anchor>
              ))}
              <span />
            </Breadcrumbs>
          )}
          <Title order={1} size="h3" ref={heading} tabIndex={-1} className={css.heading}>
            {title}
          </Title>
        </div>
        {actions && <Group gap="xs">{actions}</Group>}
      </Group>
      {children}
    </Stack>
  );
}
