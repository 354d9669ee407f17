import { Route, Switch } from 'wouter';
import { NotFound } from '../shell/not-found.tsx';
import { FindUser } from './find-user.tsx';
import { UserScreen } from './user-screen.tsx';

/** Everything under `/users`. */
export function Users() {
  return (
    <Switch>
      <Route path="/users">
        <FindUser />
      </Route>
      <Route path="/users/one">
        <UserScreen />
      </Route>
      <Route>
        <NotFound />
      </Route>
    </Switch>
  );
}
