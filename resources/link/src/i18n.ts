/** The page's texts. English is the source; every text has both. `{}` stands for what is filled in. */

import { remember, remembered } from "./opening.ts";

export type Language = "en" | "fr";

const TEXTS = {
  // frame
  tagline: ["Encrypted file sharing", "Partage de fichiers chiffré"],
  promise: [
    "Decrypted on your device. Whoever stores this file cannot read it.",
    "Déchiffré sur votre appareil. Celui qui stocke ce fichier ne peut pas le lire.",
  ],
  insecure: [
    "This page came over an unprotected connection. Somebody on the same network could have changed it: open only links that you expect.",
    "Cette page est arrivée par une connexion non protégée. Quelqu’un sur le même réseau a pu la modifier : n’ouvrez que des liens que vous attendez.",
  ],
  inApp: ["Open in the MegaDesk app", "Ouvrir dans l’application MegaDesk"],
  language: ["Language", "Langue"],
  // opening
  opening: ["Opening the link…", "Ouverture du lien…"],
  reading: ["Reading the page… {}", "Lecture de la page… {}"],
  checking: ["Checking the password…", "Vérification du mot de passe…"],
  // password
  passwordTitle: ["This link has a password", "Ce lien est protégé par un mot de passe"],
  passwordText: [
    "Whoever sent you the link has given you the password, or will.",
    "La personne qui vous a envoyé le lien vous a donné le mot de passe, ou le fera.",
  ],
  password: ["Password", "Mot de passe"],
  passwordWrong: ["That is not the password. Please try again.", "Ce n’est pas le bon mot de passe. Réessayez."],
  passwordEmpty: ["Type the password first.", "Saisissez d’abord le mot de passe."],
  show: ["Show", "Afficher"],
  hide: ["Hide", "Masquer"],
  open: ["Open", "Ouvrir"],
  // the file that the page is in
  chooseTitle: ["Choose this file once more", "Choisissez ce fichier encore une fois"],
  chooseText: [
    "“{}” ({}) is in the very file that you opened, encrypted behind this page. Browsers do not let a page read its own file by itself: choose {} here, or drop it.",
    "« {} » ({}) se trouve dans le fichier que vous avez ouvert, chiffré derrière cette page. Un navigateur ne laisse pas une page lire elle-même son propre fichier : choisissez {} ici, ou déposez-le.",
  ],
  chooseWebText: [
    "“{}” ({}) is encrypted behind this page, but its web server gives out whole files only. Save {} to your device, then choose it here, or drop it.",
    "« {} » ({}) est chiffré derrière cette page, mais son serveur web ne donne que des fichiers entiers. Enregistrez {} sur votre appareil, puis choisissez-le ici, ou déposez-le.",
  ],
  chooseButton: ["Choose the file…", "Choisir le fichier…"],
  chooseWrong: ["“{}” is another file. Choose the one that this page is in.", "« {} » est un autre fichier. Choisissez celui qui contient cette page."],
  // file and folder
  download: ["Download", "Télécharger"],
  downloadAgain: ["Download again", "Télécharger à nouveau"],
  downloadZip: ["Download all as ZIP", "Tout télécharger en ZIP"],
  downloadThisZip: ["Download folder as ZIP", "Télécharger le dossier en ZIP"],
  downloadOf: ["Download {}", "Télécharger {}"],
  preview: ["Preview", "Aperçu"],
  closePreview: ["Close preview", "Fermer l’aperçu"],
  note: ["Message from the sender", "Message de l’expéditeur"],
  until: ["Available until {}", "Disponible jusqu’au {}"],
  live: ["Kept up to date by the sender", "Tenu à jour par l’expéditeur"],
  emptyFolder: ["This folder is empty.", "Ce dossier est vide."],
  contents: ["Contents of {}", "Contenu de {}"],
  back: ["Back", "Retour"],
  linksLeftOut: ["Symbolic links are not part of the ZIP file.", "Les liens symboliques ne font pas partie du fichier ZIP."],
  symlink: ["Symbolic link", "Lien symbolique"],
  folder: ["Folder", "Dossier"],
  path: ["Folders above", "Dossiers parents"],
  typeImage: ["Picture", "Image"],
  typeVideo: ["Video", "Vidéo"],
  typeAudio: ["Audio", "Audio"],
  typePdf: ["PDF document", "Document PDF"],
  typeText: ["Text", "Texte"],
  typeArchive: ["Archive", "Archive"],
  typeOther: ["File", "Fichier"],
  // progress
  downloading: ["Downloading", "Téléchargement"],
  progress: ["{} of {}", "{} sur {}"],
  waiting: ["The connection was lost. Trying again…", "La connexion est coupée. Nouvelle tentative…"],
  retryNow: ["Try now", "Réessayer"],
  cancel: ["Cancel", "Annuler"],
  done: ["Saved and verified", "Enregistré et vérifié"],
  doneText: ["Every part was checked on your device.", "Chaque partie a été vérifiée sur votre appareil."],
  ready: ["Every part is checked on your device before it is saved.", "Chaque partie est vérifiée sur votre appareil avant l’enregistrement."],
  cancelled: ["Cancelled. Nothing was saved.", "Annulé. Rien n’a été enregistré."],
  left: ["{} left", "{} restantes"],
  announce: ["{} percent", "{} pour cent"],
  // previews
  previewLoading: ["Loading the preview…", "Chargement de l’aperçu…"],
  previewFailed: ["No preview: {}", "Pas d’aperçu : {}"],
  previewCut: ["Only the beginning is shown.", "Seul le début est affiché."],
  previewUnplayable: ["this browser cannot show it.", "ce navigateur ne sait pas l’afficher."],
  pdfNoViewer: [
    "No preview here. Download the document and open it with a PDF reader.",
    "Pas d’aperçu ici. Téléchargez le document et ouvrez-le dans un lecteur PDF.",
  ],
  pdfPage: ["Page {} of {}", "Page {} sur {}"],
  pdfSmaller: ["Smaller", "Plus petit"],
  pdfLarger: ["Larger", "Plus grand"],
  pdfUnshown: ["This page cannot be shown.", "Cette page ne peut pas être affichée."],
  pdfLocked: [
    "the document is locked with a password of its own. Download it and open it with a PDF reader.",
    "le document est verrouillé par son propre mot de passe. Téléchargez-le et ouvrez-le dans un lecteur PDF.",
  ],
  pdfBroken: [
    "the document cannot be shown here. Download it and open it with a PDF reader.",
    "le document ne peut pas être affiché ici. Téléchargez-le et ouvrez-le dans un lecteur PDF.",
  ],
  // errors: title, then text
  tryAgain: ["Try again", "Réessayer"],
  incomplete: ["This address is incomplete", "Cette adresse est incomplète"],
  incompleteText: [
    "The part after # is missing or was cut short. It holds the key: without it nobody can open the link. Copy the whole address from the message you received.",
    "La partie après # manque ou a été coupée. Elle contient la clé : sans elle, personne ne peut ouvrir le lien. Copiez l’adresse entière depuis le message que vous avez reçu.",
  ],
  unknown: ["There is no such link", "Ce lien n’existe pas"],
  unknownText: [
    "It may have been removed, or a letter of the address is wrong. Ask the sender for a new link.",
    "Il a peut-être été supprimé, ou l’adresse contient une erreur. Demandez un nouveau lien à l’expéditeur.",
  ],
  revoked: ["This link was withdrawn", "Ce lien a été retiré"],
  revokedText: [
    "The sender no longer shares what it led to. Ask them for a new link.",
    "L’expéditeur ne partage plus ce contenu. Demandez-lui un nouveau lien.",
  ],
  expired: ["This link has expired", "Ce lien a expiré"],
  expiredText: [
    "It was made for a limited time, which is over. Ask the sender for a new link.",
    "Il était valable pour une durée limitée, qui est écoulée. Demandez un nouveau lien à l’expéditeur.",
  ],
  "used-up": ["This link was used up", "Ce lien est épuisé"],
  "used-upText": [
    "It was made for a limited number of downloads, and all of them have been taken. Ask the sender for a new link.",
    "Il était valable pour un nombre limité de téléchargements, tous utilisés. Demandez un nouveau lien à l’expéditeur.",
  ],
  gone: ["This link is no longer served", "Ce lien n’est plus disponible"],
  goneText: [
    "It ended while it was open here. Reload the page to see whether it is still there, or ask the sender.",
    "Il a pris fin alors qu’il était ouvert ici. Rechargez la page pour voir s’il existe encore, ou demandez à l’expéditeur.",
  ],
  damaged: ["This link is damaged", "Ce lien est endommagé"],
  damagedText: [
    "What arrived is not what the sender shared: it was altered or cut short on the way or where it is stored. To be safe, nothing was saved.",
    "Ce qui est arrivé n’est pas ce que l’expéditeur a partagé : le contenu a été modifié ou coupé en chemin ou dans le stockage. Par sécurité, rien n’a été enregistré.",
  ],
  network: ["No connection", "Pas de connexion"],
  networkText: [
    "The place where this file is stored does not answer. Check your connection and try again.",
    "L’endroit où ce fichier est stocké ne répond pas. Vérifiez votre connexion et réessayez.",
  ],
  server: ["The server has a problem", "Le serveur a un problème"],
  serverText: [
    "It answers, but not with this file. Try again in a while; if that does not help, tell the sender.",
    "Il répond, mais pas avec ce fichier. Réessayez plus tard ; si cela ne suffit pas, prévenez l’expéditeur.",
  ],
  unsupported: ["This browser cannot open the link", "Ce navigateur ne peut pas ouvrir le lien"],
  unsupportedText: [
    "Please use a current version of Firefox, Chrome, Edge or Safari, or open the link in the MegaDesk app.",
    "Utilisez une version récente de Firefox, Chrome, Edge ou Safari, ou ouvrez le lien dans l’application MegaDesk.",
  ],
  newer: ["This link needs a newer page", "Ce lien demande une page plus récente"],
  newerText: [
    "It was made by a newer version of MegaDesk than the page that opened it. Open it in a current MegaDesk app.",
    "Il a été créé par une version de MegaDesk plus récente que cette page. Ouvrez-le dans une application MegaDesk à jour.",
  ],
  "too-large": ["Too large for this browser", "Trop volumineux pour ce navigateur"],
  "too-largeText": [
    "Over this connection the browser must keep the whole download before it can save it, and {} is more than it can be trusted with (up to {}). Use Chrome or Edge over https, open the link in the MegaDesk app, or take single files.",
    "Avec cette connexion, le navigateur doit garder tout le téléchargement avant de l’enregistrer, et {} dépasse ce qu’on peut lui confier (jusqu’à {}). Utilisez Chrome ou Edge en https, ouvrez le lien dans l’application MegaDesk, ou prenez les fichiers un par un.",
  ],
  file: ["The file cannot be read any more", "Le fichier n’est plus lisible"],
  fileText: [
    "It was moved, renamed or changed after you chose it. Reload the page and choose it again. Nothing was saved.",
    "Il a été déplacé, renommé ou modifié après votre choix. Rechargez la page et choisissez-le de nouveau. Rien n’a été enregistré.",
  ],
  write: ["It could not be saved", "L’enregistrement a échoué"],
  writeText: [
    "The browser or the disk refused to take the file: perhaps there is not enough space. Nothing was saved.",
    "Le navigateur ou le disque a refusé le fichier : l’espace manque peut-être. Rien n’a été enregistré.",
  ],
  // units
  byte: ["{} B", "{} o"],
  units: ["kB MB GB TB PB", "ko Mo Go To Po"],
  perSecond: ["{}/s", "{}/s"],
  files: ["{} files", "{} fichiers"],
  file1: ["1 file", "1 fichier"],
  files0: ["No files", "Aucun fichier"],
  seconds: ["{} s", "{} s"],
  minutes: ["{} min", "{} min"],
  hours: ["{} h {} min", "{} h {} min"],
} as const;

export type Text = keyof typeof TEXTS;

function preferred(): Language {
  const wanted = remembered().language ?? navigator.languages?.find((each) => /^(en|fr)\b/i.test(each)) ?? "en";
  return /^fr/i.test(wanted) ? "fr" : "en";
}

let current: Language = "en";

export function startLanguage(): void {
  setLanguage(preferred());
}

export function language(): Language {
  return current;
}

export function setLanguage(wanted: Language): void {
  current = wanted;
  document.documentElement.lang = wanted;
}

export function chooseLanguage(wanted: Language): void {
  setLanguage(wanted);
  remember({ language: wanted });
}

export function t(text: Text, ...fill: string[]): string {
  let at = 0;
  return TEXTS[text][current === "fr" ? 1 : 0].replace(/\{\}/g, () => fill[at++] ?? "");
}

// --- figures -------------------------------------------------------------------------------------------------

/** The language as it is written where this browser is: dates of the United States only for those who live there. */
function regional(): string {
  return navigator.languages?.find((each) => each.toLowerCase().startsWith(current)) ?? (current === "en" ? "en-GB" : "fr");
}

function figure(value: number, digits: number, fixed: boolean): string {
  const options = { maximumFractionDigits: digits, minimumFractionDigits: fixed ? digits : 0 };
  return new Intl.NumberFormat(regional(), options).format(value);
}

/** Three digits, decimal units, as disks and file managers count. `fixed`: zeros at the end stay, for what changes. */
export function size(bytes: number, fixed = false): string {
  if (bytes < 1000) return t("byte", figure(bytes, 0, false));
  const units = t("units").split(" ");
  let value = bytes;
  let unit = -1;
  while (unit < 0 || (value >= 999.5 && unit < units.length - 1)) {
    value /= 1000;
    unit++;
  }
  return `${figure(value, value < 9.995 ? 2 : value < 99.95 ? 1 : 0, fixed)}\u00a0${units[unit]!}`;
}

export function fileCount(count: number): string {
  if (count === 0) return t("files0");
  return count === 1 ? t("file1") : t("files", figure(count, 0, false));
}

export function percent(share: number): string {
  return new Intl.NumberFormat(regional(), { style: "percent" }).format(share);
}

export function duration(seconds: number): string {
  if (seconds < 60) return t("seconds", String(seconds <= 10 ? Math.max(1, Math.ceil(seconds)) : Math.ceil(seconds / 5) * 5));
  const minutes = Math.round(seconds / 60);
  return minutes < 60 ? t("minutes", String(minutes)) : t("hours", String(Math.floor(minutes / 60)), String(minutes % 60));
}

export function date(ms: number): string {
  return new Intl.DateTimeFormat(regional(), { dateStyle: "long", timeStyle: "short" }).format(ms);
}

