import { writeFileSync } from 'node:fs';
import { generate } from 'lean-qr';
import type { Command } from '../command-line.ts';
import type { BeginReply } from '../portal-api.ts';
import { textOption } from '../read-option.ts';
import { FOLLOW_OPTIONS, follow, linesOf } from './follow.ts';
import type { PortalContext } from './portal-context.ts';

/** Begins a transaction without a user, and shows the code that whoever's phone reads it answers. */
export const otp: Command<PortalContext> = {
  about: 'show a code for any enrolled phone to read, wait, tell who it was',
  options: {
    type: { type: 'string', value: 'TYPE', about: 'the configured type; otp by default' },
    message: { type: 'string', value: 'TEXT', about: 'short message, shown on the phone' },
    'secure-message': { type: 'string', value: 'TEXT', about: 'what the phone shows in its place' },
    picture: { type: 'string', value: 'FILE', about: 'save the QR code as the API draws it (.svg or .png)' },
    ...FOLLOW_OPTIONS,
  },
  async run(portal, values) {
    const message = textOption(values, 'message');
    const secureMessage = textOption(values, 'secure-message');
    const picture = textOption(values, 'picture');
    return follow(portal, values, {
      mayHaveEnded: false,
      begin: async (callbackUri) => {
        const begun = await portal.api.begin({
          type: textOption(values, 'type') ?? 'otp',
          callbackUri,
          ...(message !== undefined && { message }),
          ...(secureMessage !== undefined && { secureMessage }),
        });
        if (picture !== undefined) {
          const format = picture.endsWith('.png') ? 'png' : 'svg';
          writeFileSync(picture, await portal.api.drawOtp(begun.transaction_id, format));
        }
        return begun;
      },
      report: (begun) => reportBegun(portal, begun),
    });
  },
};

function reportBegun({ output }: PortalContext, begun: BeginReply): void {
  const code = begun.otp ?? '';
  output.event(
    { event: 'begun', ...begun },
    ...drawn(code),
    `Read it with a phone: npm run phone -- otp ${code}`,
    ...linesOf(begun),
  );
}

/** Two modules a character, as characters are twice as high as wide. */
function drawn(text: string): readonly string[] {
  const code = generate(text);
  const lines: string[] = [];
  for (let y = -2; y < code.size + 2; y += 2) {
    let line = '';
    for (let x = -2; x < code.size + 2; x += 1) line += '█▄▀ '[(code.get(x, y) ? 2 : 0) + (code.get(x, y + 1) ? 1 : 0)];
    lines.push(line);
  }
  return lines;
}
