import { Button, FileButton, Group, Stack, Text } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import css from './phone.module.css';
import { readQrCode } from './read-qr-code.ts';

export interface ReadCodeProps {
  readonly label: string;
  readonly onText: (text: string) => void;
}

/** Reads a QR code: by the camera, from a picture, or from a picture that is pasted. */
export function ReadCode({ label, onText }: ReadCodeProps) {
  const [problem, setProblem] = useState<string>();
  const [isFilming, setFilming] = useState(false);

  async function read(picture: Blob): Promise<void> {
    const text = await readQrCode(picture);
    if (text === undefined) setProblem('There is no QR code in this picture.');
    else {
      setProblem(undefined);
      onText(text);
    }
  }

  useEffect(() => {
    const paste = (event: ClipboardEvent): void => {
      const picture = [...(event.clipboardData?.files ?? [])].find(({ type }) => type.startsWith('image/'));
      if (picture) void read(picture);
    };
    document.addEventListener('paste', paste);
    return () => document.removeEventListener('paste', paste);
  });

  return (
    <Stack gap="xs">
      <Text fw={600}>{label}</Text>
      <Group grow>
        <Button variant="default" onClick={() => setFilming(!isFilming)}>
          {isFilming ? 'Stop the camera' : 'Camera'}
        </Button>
        <FileButton accept="image/*" onChange={(file) => file && void read(file)} inputProps={{ 'aria-label': label }}>
          {(props) => (
            <Button variant="default" {...props}>
              Picture
            </Button>
          )}
        </FileButton>
      </Group>
      <Text size="sm" c="dimmed">
        A picture may also be pasted.
      </Text>
      {isFilming && (
        <Camera
          onText={(text) => {
            setFilming(false);
            onText(text);
          }}
          onFailure={() => {
            setFilming(false);
            setProblem('The camera can not be used.');
          }}
        />
      )}
      {problem && <Text role="alert">{problem}</Text>}
    </Stack>
  );
}

const LOOK_EVERY_MS = 300;

interface CameraProps {
  readonly onText: (text: string) => void;
  readonly onFailure: () => void;
}

function Camera({ onText, onFailure }: CameraProps) {
  const video = useRef<HTMLVideoElement>(null);
  const handlers = useRef({ onText, onFailure });
  handlers.current = { onText, onFailure };

  useEffect(() => {
    let stream: MediaStream | undefined;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let isOver = false;

    async function look(): Promise<void> {
      const picture = video.current;
      const text = picture && picture.videoWidth > 0 ? await readQrCode(picture) : undefined;
      if (isOver) return;
      if (text === undefined) timer = setTimeout(() => void look(), LOOK_EVERY_MS);
      else handlers.current.onText(text);
    }

    async function start(): Promise<void> {
      try {
        stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment' } });
        if (isOver || !video.current) return stopStream(stream);
        video.current.srcObject = stream;
        await video.current.play();
        await look();
      } catch {
        if (!isOver) handlers.current.onFailure();
      }
    }

    void start();
    return () => {
      isOver = true;
      clearTimeout(timer);
      stopStream(stream);
    };
  }, []);

  return <video ref={video} className={css.video} muted playsInline aria-label="Picture of the camera" />;
}

function stopStream(stream: MediaStream | undefined): void {
  for (const track of stream?.getTracks() ?? []) track.stop();
}
