import { addPane } from '/demo/chat.js';
import { clock, ticker } from '/demo/streams.js';
import { upstreams } from '/demo/upstreams.js';

addPane('Ada', 'websocket');
addPane('Grace', 'polling');
ticker();
clock();
upstreams();
