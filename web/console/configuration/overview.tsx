import { Anchor, Card, SimpleGrid, Text } from '@mantine/core';
import { Link } from 'wouter';
import { useMay, useSession } from '../session.ts';
import { Screen } from '../shell/screen.tsx';
import { mayRead, type Resource } from './resources.ts';
import { aboutOf, titleOf } from './words.ts';

/** Everything that can be set up. */
export function Overview({ resources }: { readonly resources: readonly Resource[] }) {
  const session = useSession();
  const mayReadKeys = useMay('read_keys');
  const cards = [
    ...resources
      .filter((resource) => mayRead(session, resource))
      .map(({ name }) => ({ name, title: titleOf(name), about: aboutOf(name) })),
    ...(mayReadKeys ? [{ name: 'keys', title: 'Keys', about: "The server's own keys, and their rotation." }] : []),
  ];
  return (
    <Screen title="Configuration">
      <SimpleGrid cols={{ base: 1, xs: 2, lg: 3 }} spacing="sm">
        {cards.map(({ name, title, about }) => (
          <Card key={name} withBorder padding="md">
            <Anchor component={Link} href={`/configuration/${name}`} fw={600}>
              {title}
            </Anchor>
            <Text size="sm" c="dimmed" mt={4}>
              {about}
            </Text>
          </Card>
        ))}
      </SimpleGrid>
    </Screen>
  );
}
