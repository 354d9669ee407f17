import { mount } from '../kit/mount.tsx';
import { PhoneApp } from './phone-app.tsx';

mount(<PhoneApp />);
