import { generate } from 'lean-qr';

const WIDTH = 640;
const HEIGHT = 480;
const MODULE_PIXELS = 6;
const WHITE = 235;
const BLACK = 16;
const GREY = 128;

/** A film of one frame (YUV4MPEG2, 4:2:0) that shows a QR code, as a camera would see it. */
export function filmOfCode(text: string): Buffer {
  const code = generate(text);
  const left = Math.floor((WIDTH - code.size * MODULE_PIXELS) / 2);
  const top = Math.floor((HEIGHT - code.size * MODULE_PIXELS) / 2);
  const luma = Buffer.alloc(WIDTH * HEIGHT, WHITE);
  for (let y = 0; y < HEIGHT; y += 1) {
    for (let x = 0; x < WIDTH; x += 1) {
      const isBlack = code.get(Math.floor((x - left) / MODULE_PIXELS), Math.floor((y - top) / MODULE_PIXELS));
      if (isBlack) luma[y * WIDTH + x] = BLACK;
    }
  }
  const colour = Buffer.alloc((WIDTH * HEIGHT) / 2, GREY);
  const frame = Buffer.concat([Buffer.from('FRAME\n'), luma, colour]);
  return Buffer.concat([Buffer.from(`YUV4MPEG2 W${WIDTH} H${HEIGHT} F10:1 Ip A1:1 C420\n`), frame, frame]);
}
