import { Route, Switch } from 'wouter';
import { AnswerOf } from '../shell/answer-of.tsx';
import { NotFound } from '../shell/not-found.tsx';
import { CreateScreen } from './create-screen.tsx';
import { DocumentList } from './document-list.tsx';
import { DocumentScreen } from './document-screen.tsx';
import { KeysScreen } from './keys-screen.tsx';
import { Overview } from './overview.tsx';
import { type Resource, useResources } from './resources.ts';

/** Everything under `/configuration`: one set of screens for every kind of document that the server describes. */
export function Configuration() {
  const resources = useResources();
  return (
    <AnswerOf query={resources}>
      {(all) => {
        const of = (name: string, show: (resource: Resource) => React.ReactNode): React.ReactNode => {
          const resource = all.find((one) => one.name === name);
          return resource ? show(resource) : <NotFound />;
        };
        return (
          <Switch>
            <Route path="/configuration">
              <Overview resources={all} />
            </Route>
            <Route path="/configuration/keys">
              <KeysScreen />
            </Route>
            <Route path="/configuration/:name/new">
              {({ name }) => of(name, (resource) => <CreateScreen key={name} resource={resource} />)}
            </Route>
            <Route path="/configuration/:name/document">
              {({ name }) => of(name, (resource) => <DocumentScreen resource={resource} />)}
            </Route>
            <Route path="/configuration/:name">
              {({ name }) =>
                of(name, (resource) =>
                  resource.identity.length === 0 ? (
                    <DocumentScreen key={name} resource={resource} />
                  ) : (
                    <DocumentList key={name} resource={resource} />
                  ),
                )
              }
            </Route>
            <Route>
              <NotFound />
            </Route>
          </Switch>
        );
      }}
    </AnswerOf>
  );
}
