import { Alert, Button, Container, Stack } from '@mantine/core';
import { Component, type ErrorInfo, type ReactNode } from 'react';

/** Says so where a page breaks, instead of going blank. React knows error boundaries as classes only. */
export class Fault extends Component<{ readonly children: ReactNode }, { readonly hasBroken: boolean }> {
  override state = { hasBroken: false };

  static getDerivedStateFromError(): { hasBroken: boolean } {
    return { hasBroken: true };
  }

  override componentDidCatch(error: Error, info: ErrorInfo): void {
    reportError(new Error(`the page broke${info.componentStack ?? ''}`, { cause: error }));
  }

  override render(): ReactNode {
    if (!this.state.hasBroken) return this.props.children;
    return (
      <Container size="xs" py="xl">
        <Stack>
          <Alert color="red" title="This page has broken" role="alert">
            Nothing was lost: what you have done is on the server.
          </Alert>
          <Button onClick={() => location.reload()}>Load it again</Button>
        </Stack>
      </Container>
    );
  }
}
