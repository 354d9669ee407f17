import { mount } from '../kit/mount.tsx';
import { ConsoleApp } from './console-app.tsx';

mount(<ConsoleApp />);
