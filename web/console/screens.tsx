import { Redirect, Route, Switch } from 'wouter';
import { Configuration } from './configuration/configuration.tsx';
import { EventList } from './events/event-list.tsx';
import { HealthScreen } from './health/health-screen.tsx';
import { useSession } from './session.ts';
import { NotFound } from './shell/not-found.tsx';
import { placesFor } from './shell/places.ts';
import { Transactions } from './transactions/transactions.tsx';
import { Users } from './users/users.tsx';

const SCREENS: Readonly<Record<string, () => React.ReactNode>> = {
  '/transactions': () => <Transactions />,
  '/users': () => <Users />,
  '/events': () => <EventList />,
  '/health': () => <HealthScreen />,
  '/configuration': () => <Configuration />,
};

/** What is at the address, where the operator's role opens it. */
export function Screens() {
  const { actions } = useSession();
  const open = placesFor(actions);
  const first = open[0];
  return (
    <Switch>
      {first && (
        <Route path="/">
          <Redirect to={first.path} replace />
        </Route>
      )}
      {open.map(({ path }) => (
        <Route key={path} path={`${path}/*?`}>
          {SCREENS[path]}
        </Route>
      ))}
      <Route>
        <NotFound />
      </Route>
    </Switch>
  );
}
