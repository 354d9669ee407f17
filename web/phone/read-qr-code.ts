import jsQR from 'jsqr';

/** Larger pictures are read smaller: the library takes time with every pixel. */
const MAX_EDGE = 1_200;
/** QR codes need a quiet zone, which a picture that was cut out may lack. */
const MARGIN = 40;

/** The text of the QR code in a picture; undefined where there is none. */
export async function readQrCode(picture: Blob | HTMLVideoElement): Promise<string | undefined> {
  const source = picture instanceof Blob ? await decode(picture) : picture;
  if (!source) return undefined;
  const width = source instanceof HTMLVideoElement ? source.videoWidth : source.width;
  const height = source instanceof HTMLVideoElement ? source.videoHeight : source.height;
  const scale = Math.min(1, MAX_EDGE / Math.max(width, height));
  const canvas = document.createElement('canvas');
  canvas.width = Math.round(width * scale) + 2 * MARGIN;
  canvas.height = Math.round(height * scale) + 2 * MARGIN;
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (!context) return undefined;
  context.fillStyle = '#fff';
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(source, MARGIN, MARGIN, canvas.width - 2 * MARGIN, canvas.height - 2 * MARGIN);
  const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
  return jsQR(data, canvas.width, canvas.height)?.data;
}

async function decode(picture: Blob): Promise<ImageBitmap | undefined> {
  try {
    return await createImageBitmap(picture);
  } catch {
    // No picture after all, which the caller is told as one without a code.
    return undefined;
  }
}
