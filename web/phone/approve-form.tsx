import { Button, Text } from '@mantine/core';
import { useState } from 'react';
import type { ApprovalInput, Challenge } from '../../sdk/index.ts';
import { Prompt } from '../kit/prompt.tsx';
import { DigitPad } from './digit-pad.tsx';

export interface ApproveFormProps {
  readonly method: Challenge['method'];
  readonly isBusy: boolean;
  readonly onApprove: (input: ApprovalInput) => void;
  readonly onUsePin: () => void;
}

/** What the method asks of the user who says yes. */
export function ApproveForm({ method, isBusy, onApprove, onUsePin }: ApproveFormProps) {
  const [isAsking, setAsking] = useState(false);
  switch (method) {
    case 'push_with_pin':
    case 'push_with_custom_authenticator':
      return (
        <DigitPad
          key="pin"
          label="PIN"
          isSecret
          action="Approve with PIN"
          isBusy={isBusy}
          onDigits={(pin) => onApprove({ pin })}
        />
      );
    case 'push_with_number':
      return (
        <DigitPad
          key="number"
          label="Number that the portal shows"
          action="Approve with the number"
          isBusy={isBusy}
          onDigits={(number) => onApprove({ number })}
        />
      );
    case 'push_with_fingerprint':
      return (
        <>
          <Button size="md" loading={isBusy} onClick={() => setAsking(true)}>
            Approve with fingerprint
          </Button>
          <Button variant="default" disabled={isBusy} onClick={onUsePin}>
            Use the PIN instead
          </Button>
          <FingerprintPrompt
            isOpen={isAsking}
            onResult={(isRecognised) => {
              setAsking(false);
              if (isRecognised) onApprove({ biometric: true });
            }}
          />
        </>
      );
    case 'push':
    case 'otp':
      return (
        <Button size="md" loading={isBusy} onClick={() => onApprove({})}>
          Yes, approve
        </Button>
      );
  }
}

interface FingerprintPromptProps {
  readonly isOpen: boolean;
  readonly onResult: (isRecognised: boolean) => void;
}

/** Stands in for the prompt of the platform, which a browser does not have. */
function FingerprintPrompt({ isOpen, onResult }: FingerprintPromptProps) {
  return (
    <Prompt isOpen={isOpen} onClose={() => onResult(false)} title="Touch the sensor">
      <Text>A real phone shows its own prompt here. This one asks you.</Text>
      <Button data-autofocus onClick={() => onResult(true)}>
        The finger is recognised
      </Button>
      <Button variant="default" onClick={() => onResult(false)}>
        It is not
      </Button>
    </Prompt>
  );
}
