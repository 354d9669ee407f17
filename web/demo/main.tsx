import { mount } from '../kit/mount.tsx';
import { BankApp } from './bank-app.tsx';

mount(<BankApp />);
