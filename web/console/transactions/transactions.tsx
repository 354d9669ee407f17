import { Route, Switch } from 'wouter';
import { NotFound } from '../shell/not-found.tsx';
import { TransactionList } from './transaction-list.tsx';
import { TransactionScreen } from './transaction-screen.tsx';

/** Everything under `/transactions`. */
export function Transactions() {
  return (
    <Switch>
      <Route path="/transactions">
        <TransactionList />
      </Route>
      <Route path="/transactions/:id">
        <TransactionScreen />
      </Route>
      <Route>
        <NotFound />
      </Route>
    </Switch>
  );
}
