import type { Knex } from 'knex';

/** Events with their caller and quick to search; users taken off devices; what retention goes by. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    alter table events
      add column client_ip inet,
      add column user_agent text,
      -- who acted on the user's behalf: an administrator, a helpdesk
      add column agent_user text;
    create index events_by_time on events (occurred_at, id);
    create index events_of_user on events (lower(user_id), occurred_at, id);
    create index events_of_client on events (client_id, occurred_at, id);
    create index events_by_name on events (name, occurred_at, id);

    -- Events leave as notices to the process that wrote them, which logs them: when they are committed, or, where
    -- their name is excluded, in place of being kept. Both settings are of the session (db/knex.ts).
    create function tell_event() returns trigger language plpgsql as $$
    begin
      if current_setting('countersign.event_log', true) = 'on' then
        raise notice 'countersign_event' using detail = row_to_json(new)::text;
      end if;
      return null;
    end $$;
    create trigger events_excluded before insert on events for each row
      when (position(',' || new.name || ',' in ',' || current_setting('countersign.excluded_events', true) || ',') > 0)
      execute function tell_event();
    create constraint trigger events_told after insert on events deferrable initially deferred for each row
      when (current_setting('countersign.event_log', true) = 'on')
      execute function tell_event();

    alter table enrolments
      -- of the last request, to the minute
      add column last_seen_at timestamptz,
      -- the user was taken off the device, which is more than to end its mobile authentication
      add column disconnected_at timestamptz;
    update enrolments set disconnected_at = revoked_at where revoked_at is not null;
    create index enrolments_connected_to_user on enrolments (user_id) where disconnected_at is null;

    -- null: erased
    alter table transactions alter column sealed_message drop not null;
    create index transactions_by_expiry on transactions (expires_at);
    create index transactions_with_message_by_expiry on transactions (expires_at) where sealed_message is not null;
  `);
}

/** Erased messages stay erased, as empty texts. */
export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    drop index transactions_by_expiry, transactions_with_message_by_expiry;
    update transactions set sealed_message = '' where sealed_message is null;
    alter table transactions alter column sealed_message set not null;
    drop index enrolments_connected_to_user;
    alter table enrolments drop column last_seen_at, drop column disconnected_at;
    drop trigger events_told on events;
    drop trigger events_excluded on events;
    drop function tell_event;
    drop index events_by_time, events_of_user, events_of_client, events_by_name;
    alter table events drop column client_ip, drop column user_agent, drop column agent_user;
  `);
}
