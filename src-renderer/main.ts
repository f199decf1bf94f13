import './app/trusted-types.ts';
import './design/base.css';
import { mount } from 'svelte';
import App from './app/app.svelte';
import { loadFeatures } from './app/registry.ts';
import { findCore } from './client/open-core.ts';

const target = document.getElementById('app');
if (target === null) throw new Error('index.html has no #app');
mount(App, { target, props: { door: findCore(), features: await loadFeatures() } });
