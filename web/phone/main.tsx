import { mount } from '../shared/mount.tsx';
import { PhoneApp } from './phone-app.tsx';

mount(<PhoneApp />);
