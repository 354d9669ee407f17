import { Button, Group, NativeSelect, Title } from '@mantine/core';
import { useState } from 'react';
import { EnrolScreen } from './enrol-screen.tsx';
import { HomeScreen } from './home-screen.tsx';
import css from './phone.module.css';
import { listPhones, type PhoneRecord } from './phones.ts';

/** The phones of this browser, one at a time. */
export function PhoneApp() {
  const [phones, setPhones] = useState(listPhones);
  const [shownId, setShownId] = useState<string | undefined>(() => listPhones().at(-1)?.id);
  const shown = phones.find(({ id }) => id === shownId);

  function show(phone?: PhoneRecord): void {
    setPhones(listPhones());
    setShownId(phone?.id);
  }

  return (
    <div className={css.stage}>
      <main className={css.phone}>
        <Group className={css.bar} justify="space-between" wrap="nowrap">
          <Title order={1} size="h4">
            Countersign
          </Title>
          {phones.length > 0 && (
            <Group gap="xs" wrap="nowrap">
              <NativeSelect
                aria-label="Phone"
                size="xs"
                value={shown?.id ?? ''}
                onChange={(event) => setShownId(event.currentTarget.value)}
                data={[
                  ...(shown ? [] : [{ value: '', label: 'A new phone' }]),
                  ...phones.map(({ id, name }) => ({ value: id, label: name })),
                ]}
              />
              <Button size="xs" variant="default" miw="fit-content" onClick={() => show()} disabled={!shown}>
                Add
              </Button>
            </Group>
          )}
        </Group>
        {shown ? (
          <HomeScreen key={shown.id} phone={shown} onChange={show} onGone={() => show(listPhones().at(-1))} />
        ) : (
          <EnrolScreen onEnrolled={show} />
        )}
      </main>
    </div>
  );
}
