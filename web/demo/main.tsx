import { mount } from '../shared/mount.tsx';
import { BankApp } from './bank-app.tsx';

mount(<BankApp />);
