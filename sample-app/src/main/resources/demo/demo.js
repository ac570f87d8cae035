import { addPane } from '/demo/chat.js';
import { clock, ticker } from '/demo/streams.js';

addPane('Ada', 'websocket');
addPane('Grace', 'polling');
ticker();
clock();
