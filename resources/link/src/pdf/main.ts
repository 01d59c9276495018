/**
 * The viewer of PDF: a file of its own (pdf-viewer.js), which the page fetches when a PDF is looked at, checks against the
 * digest that was built into it, and runs in a frame without an origin (src/pdf_frame.ts). The same script is its worker.
 */

import "pdfjs-dist/legacy/build/pdf.worker.mjs";
import { startViewer } from "./viewer.ts";

if (typeof document !== "undefined") startViewer(document.currentScript?.textContent ?? "");
