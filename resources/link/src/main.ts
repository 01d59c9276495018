/** The page's script. Workers run it as well, where AES has to be done in JavaScript. */

import { startApp } from "./app.ts";
import { ownScript, workerMain } from "./engine.ts";

if (typeof document === "undefined") workerMain();
else startApp(ownScript());
