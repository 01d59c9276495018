<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="fr" sourcelanguage="en">
<context>
    <name>AboutSection</name>
    <message>
        <source>Your files, locked before they leave this computer.</source>
        <translation>Vos fichiers, sous clé avant de quitter cet ordinateur.</translation>
    </message>
    <message>
        <source>Free software under the Apache License 2.0. It comes without any warranty. The format of lockers is published, so that other programs can read them.</source>
        <translation>Logiciel libre sous licence Apache 2.0, fourni sans aucune garantie. Le format des coffres est publié&#xa0;: d’autres programmes peuvent les lire.</translation>
    </message>
    <message>
        <source>Made with</source>
        <translation>Réalisé avec</translation>
    </message>
</context>
<context>
    <name>AdvancedSection</name>
    <message>
        <source>Where things are</source>
        <translation>Emplacements</translation>
    </message>
    <message>
        <source>Data</source>
        <translation>Données</translation>
    </message>
    <message>
        <source>Keys under your passphrase, the encrypted index.</source>
        <translation>Les clés, protégées par votre phrase secrète, et l’index chiffré.</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>Réglages</translation>
    </message>
    <message>
        <source>Logs</source>
        <translation>Journaux</translation>
    </message>
    <message>
        <source>Neither names nor secrets are in them.</source>
        <translation>Ils ne contiennent ni noms ni secrets.</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>Ouvrir</translation>
    </message>
    <message>
        <source>Open the folder: {0}</source>
        <translation>Ouvrir le dossier&#xa0;: {0}</translation>
    </message>
    <message>
        <source>Help with a problem</source>
        <translation>En cas de problème</translation>
    </message>
    <message>
        <source>&amp;Export…</source>
        <translation>&amp;Exporter…</translation>
    </message>
    <message>
        <source>Versions, settings and the end of the log. No names, paths, addresses or keys: read it first.</source>
        <translation>Versions, réglages et fin du journal. Ni noms, ni chemins, ni adresses, ni clés&#xa0;: relisez-le d’abord.</translation>
    </message>
    <message>
        <source>Redacted report</source>
        <translation>Rapport expurgé</translation>
    </message>
    <message>
        <source>Save the report</source>
        <translation>Enregistrer le rapport</translation>
    </message>
    <message>
        <source>The report is saved as {0}.</source>
        <translation>Le rapport est enregistré sous {0}.</translation>
    </message>
</context>
<context>
    <name>AppearanceSection</name>
    <message>
        <source>Appearance</source>
        <translation>Apparence</translation>
    </message>
    <message>
        <source>&amp;Colours</source>
        <translation>&amp;Couleurs</translation>
    </message>
    <message>
        <source>High contrast follows the system.</source>
        <translation>Le contraste élevé suit le système.</translation>
    </message>
    <message>
        <source>As the system</source>
        <translation>Comme le système</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>Clair</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>Sombre</translation>
    </message>
    <message>
        <source>{0} %</source>
        <translation>{0} %</translation>
    </message>
    <message>
        <source>As the system (100 %)</source>
        <translation>Comme le système (100 %)</translation>
    </message>
    <message>
        <source>&amp;Text size</source>
        <translation>&amp;Taille du texte</translation>
    </message>
    <message>
        <source>Of this window alone.</source>
        <translation>De cette fenêtre seulement.</translation>
    </message>
</context>
<context>
    <name>Banner</name>
    <message>
        <source>Dismiss</source>
        <translation>Fermer ce message</translation>
    </message>
</context>
<context>
    <name>Breadcrumbs</name>
    <message>
        <source>Path</source>
        <translation>Chemin</translation>
    </message>
    <message>
        <source>Folders in between</source>
        <translation>Dossiers intermédiaires</translation>
    </message>
</context>
<context>
    <name>BrowserActions</name>
    <message>
        <source>&amp;Files…</source>
        <translation>&amp;Fichiers…</translation>
    </message>
    <message>
        <source>F&amp;older…</source>
        <translation>D&amp;ossier…</translation>
    </message>
    <message>
        <source>Upload a folder</source>
        <translation>Envoyer un dossier</translation>
    </message>
    <message>
        <source>Upload files</source>
        <translation>Envoyer des fichiers</translation>
    </message>
    <message>
        <source>Saved as {0}</source>
        <translation>Enregistré sous {0}</translation>
    </message>
    <message>
        <source>Save to a folder</source>
        <translation>Enregistrer dans un dossier</translation>
    </message>
    <message>
        <source>Save here</source>
        <translation>Enregistrer ici</translation>
    </message>
    <message>
        <source>Name of the new folder</source>
        <translation>Nom du nouveau dossier</translation>
    </message>
    <message>
        <source>&amp;Create</source>
        <translation>&amp;Créer</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>Annuler</translation>
    </message>
    <message>
        <source>Redo</source>
        <translation>Rétablir</translation>
    </message>
    <message>
        <source>&amp;Open</source>
        <translation>&amp;Ouvrir</translation>
    </message>
    <message>
        <source>Remove from f&amp;avourites</source>
        <translation>Retirer des f&amp;avoris</translation>
    </message>
    <message>
        <source>Add to f&amp;avourites</source>
        <translation>Ajouter aux f&amp;avoris</translation>
    </message>
    <message>
        <source>Show in its &amp;folder</source>
        <translation>Montrer dans son &amp;dossier</translation>
    </message>
    <message>
        <source>&amp;Save to…</source>
        <translation>&amp;Enregistrer…</translation>
    </message>
    <message>
        <source>Cu&amp;t</source>
        <translation>C&amp;ouper</translation>
    </message>
    <message>
        <source>&amp;Copy</source>
        <translation>&amp;Copier</translation>
    </message>
    <message>
        <source>&amp;Rename</source>
        <translation>&amp;Renommer</translation>
    </message>
    <message>
        <source>Move to the &amp;trash</source>
        <translation>Mettre à la cor&amp;beille</translation>
    </message>
    <message>
        <source>&amp;Versions and details</source>
        <translation>&amp;Versions et détails</translation>
    </message>
    <message>
        <source>&amp;Details</source>
        <translation>&amp;Détails</translation>
    </message>
    <message>
        <source>&amp;New folder</source>
        <translation>&amp;Nouveau dossier</translation>
    </message>
    <message>
        <source>&amp;Upload files…</source>
        <translation>En&amp;voyer des fichiers…</translation>
    </message>
    <message>
        <source>Upload a &amp;folder…</source>
        <translation>Envoyer un &amp;dossier…</translation>
    </message>
    <message>
        <source>&amp;Paste</source>
        <translation>C&amp;oller</translation>
    </message>
    <message>
        <source>Open a &amp;link…</source>
        <translation>Ouvrir un &amp;lien…</translation>
    </message>
    <message>
        <source>U&amp;ndo: {0}</source>
        <translation>A&amp;nnuler&#xa0;: {0}</translation>
    </message>
    <message>
        <source>U&amp;ndo</source>
        <translation>Ann&amp;uler</translation>
    </message>
    <message>
        <source>&amp;Refresh</source>
        <translation>&amp;Actualiser</translation>
    </message>
</context>
<context>
    <name>BrowserOutside</name>
    <message>
        <source>Opening “{0}”…</source>
        <translation>Ouverture de «&#xa0;{0}&#xa0;»…</translation>
    </message>
    <message>
        <source>No program is set for “{0}”.</source>
        <translation>Aucun programme n’est défini pour «&#xa0;{0}&#xa0;».</translation>
    </message>
    <message>
        <source>&amp;Save to…</source>
        <translation>&amp;Enregistrer…</translation>
    </message>
    <message>
        <source>“{0}” was changed. Save it back before you lock: the copy is deleted then.</source>
        <translation>«&#xa0;{0}&#xa0;» a été modifié. Enregistrez-le dans le coffre avant de verrouiller&#xa0;: la copie sera alors supprimée.</translation>
    </message>
    <message>
        <source>Save &amp;back</source>
        <translation>&amp;Enregistrer dans le coffre</translation>
    </message>
    <message>
        <source>“{0}” is being saved as a new version.</source>
        <translation>«&#xa0;{0}&#xa0;» est enregistré comme nouvelle version.</translation>
    </message>
</context>
<context>
    <name>BrowserPage</name>
    <message>
        <source>The storage cannot be used right now</source>
        <translation>Le stockage est inutilisable pour le moment</translation>
    </message>
    <message>
        <source>Back</source>
        <translation>Précédent</translation>
    </message>
    <message>
        <source>Forward</source>
        <translation>Suivant</translation>
    </message>
    <message>
        <source>Up</source>
        <translation>Dossier parent</translation>
    </message>
    <message>
        <source>Refresh</source>
        <translation>Actualiser</translation>
    </message>
    <message>
        <source>Show as pictures</source>
        <translation>Afficher en vignettes</translation>
    </message>
    <message>
        <source>Details</source>
        <translation>Détails</translation>
    </message>
    <message>
        <source>&amp;Upload</source>
        <translation>En&amp;voyer</translation>
    </message>
    <message>
        <source>&amp;New folder</source>
        <translation>&amp;Nouveau dossier</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>Annuler</translation>
    </message>
    <message>
        <source>Redo</source>
        <translation>Rétablir</translation>
    </message>
    <message>
        <source>Save to a folder</source>
        <translation>Enregistrer dans un dossier</translation>
    </message>
    <message>
        <source>&amp;Save to…</source>
        <translation>&amp;Enregistrer…</translation>
    </message>
    <message>
        <source>Rename</source>
        <translation>Renommer</translation>
    </message>
    <message>
        <source>Move to the trash</source>
        <translation>Mettre à la corbeille</translation>
    </message>
    <message>
        <source>Show as a list</source>
        <translation>Afficher en liste</translation>
    </message>
    <message>
        <source>Names are searched, not contents. Case and accents do not count.</source>
        <translation>La recherche porte sur les noms, pas sur les contenus. Ni la casse ni les accents ne comptent.</translation>
    </message>
    <message>
        <source>Nothing has this in its name</source>
        <translation>Aucun nom ne contient cela</translation>
    </message>
    <message>
        <source>Press Enter to search the whole locker.</source>
        <translation>Appuyez sur Entrée pour chercher dans tout le coffre.</translation>
    </message>
    <message>
        <source>Nothing in this folder has this in its name</source>
        <translation>Dans ce dossier, aucun nom ne contient cela</translation>
    </message>
    <message>
        <source>This folder is empty</source>
        <translation>Ce dossier est vide</translation>
    </message>
    <message>
        <source>Your locker is ready</source>
        <translation>Votre coffre est prêt</translation>
    </message>
    <message>
        <source>Nothing can be added while the locker is read-only.</source>
        <translation>On ne peut rien ajouter tant que le coffre est en lecture seule.</translation>
    </message>
    <message>
        <source>Drop files and folders here, paste them, or choose them. They are encrypted before they are stored.</source>
        <translation>Déposez, collez ou choisissez ici des fichiers et des dossiers. Ils sont chiffrés avant d’être stockés.</translation>
    </message>
    <message>
        <source>Choose files…</source>
        <translation>Choisir des fichiers…</translation>
    </message>
    <message>
        <source>Read-only</source>
        <translation>Lecture seule</translation>
    </message>
    <message>
        <source>&amp;Check again</source>
        <translation>Véri&amp;fier à nouveau</translation>
    </message>
    <message>
        <source>Try &amp;again</source>
        <translation>&amp;Réessayer</translation>
    </message>
    <message>
        <source>Reading…</source>
        <translation>Lecture…</translation>
    </message>
</context>
<context>
    <name>CodeDialog</name>
    <message>
        <source>Add a computer</source>
        <translation>Ajouter un ordinateur</translation>
    </message>
    <message>
        <source>The pairing code as a QR code</source>
        <translation>Le code d’association en code QR</translation>
    </message>
    <message>
        <source>Pairing code</source>
        <translation>Code d’association</translation>
    </message>
    <message>
        <source>Looking at the newest state of the locker…</source>
        <translation>Lecture de l’état le plus récent du coffre…</translation>
    </message>
    <message>
        <source>&amp;Copy the code</source>
        <translation>&amp;Copier le code</translation>
    </message>
    <message>
        <source>C&amp;lose</source>
        <translation>&amp;Fermer</translation>
    </message>
    <message>
        <source>1. On the other computer, start MegaDesk and choose “I have a recovery key”.</source>
        <translation>1. Sur l’autre ordinateur, lancez MegaDesk et choisissez «&#xa0;J’ai une clé de récupération&#xa0;».</translation>
    </message>
    <message>
        <source>2. Give it this code: copied, typed or scanned.</source>
        <translation>2. Donnez-lui ce code&#xa0;: copié, tapé ou scanné.</translation>
    </message>
    <message>
        <source>3. Type the recovery key there, which you saved when you made the locker.</source>
        <translation>3. Tapez-y la clé de récupération, que vous avez gardée à la création du coffre.</translation>
    </message>
    <message>
        <source>The code is no secret: without the recovery key nobody gets in with it. It says where the storage is, and what this computer knows of the locker, so that the storage cannot show the other one an older state.</source>
        <translation>Le code n’est pas un secret&#xa0;: sans la clé de récupération, il n’ouvre rien à personne. Il dit où est le stockage et ce que cet ordinateur sait du coffre, pour que le stockage ne puisse pas montrer à l’autre un état plus ancien.</translation>
    </message>
    <message>
        <source>It is too long for a QR code: copy it.</source>
        <translation>Il est trop long pour un code QR&#xa0;: copiez-le.</translation>
    </message>
    <message>
        <source>The code is on the clipboard.</source>
        <translation>Le code est dans le presse-papiers.</translation>
    </message>
</context>
<context>
    <name>CollisionSheet</name>
    <message>
        <source>In the locker</source>
        <translation>Dans le coffre</translation>
    </message>
    <message>
        <source>The other one</source>
        <translation>L’autre</translation>
    </message>
    <message>
        <source>Do the same for &amp;all that follow</source>
        <translation>Faire de même pour t&amp;ous les suivants</translation>
    </message>
    <message>
        <source>&amp;Replace</source>
        <translation>&amp;Remplacer</translation>
    </message>
    <message>
        <source>&amp;Keep both</source>
        <translation>Garder les &amp;deux</translation>
    </message>
    <message>
        <source>Only if ne&amp;wer</source>
        <translation>Seulement si &amp;plus récent</translation>
    </message>
    <message>
        <source>Ski&amp;p</source>
        <translation>&amp;Ignorer</translation>
    </message>
    <message>
        <source>&amp;Cancel</source>
        <translation>&amp;Annuler</translation>
    </message>
    <message>
        <source>The one that is there stays among the versions, or goes to the trash</source>
        <translation>Celui qui s’y trouve reste parmi les versions, ou va à la corbeille</translation>
    </message>
    <message>
        <source>Replace what is older, and skip the others</source>
        <translation>Remplacer ce qui est plus ancien et ignorer le reste</translation>
    </message>
    <message>
        <source>“{0}” is there already</source>
        <translation>«&#xa0;{0}&#xa0;» existe déjà</translation>
    </message>
    <message>
        <source>and 1 more</source>
        <translation>et 1 autre</translation>
    </message>
    <message>
        <source>and {0} more</source>
        <translation>et {0} autres</translation>
    </message>
    <message>
        <source>On this computer</source>
        <translation>Sur cet ordinateur</translation>
    </message>
</context>
<context>
    <name>DetailsPane</name>
    <message>
        <source>Versions</source>
        <translation>Versions</translation>
    </message>
    <message>
        <source>Restore</source>
        <translation>Restaurer</translation>
    </message>
    <message>
        <source>Make this version the current one; the others stay</source>
        <translation>Faire de cette version la version actuelle&#x202f;; les autres restent</translation>
    </message>
    <message>
        <source>Save as…</source>
        <translation>Enregistrer…</translation>
    </message>
    <message>
        <source>Save this version to a folder of this computer</source>
        <translation>Enregistrer cette version dans un dossier de cet ordinateur</translation>
    </message>
    <message>
        <source>Where it is stored</source>
        <translation>Où il est stocké</translation>
    </message>
    <message>
        <source>Hide the details</source>
        <translation>Masquer les détails</translation>
    </message>
    <message>
        <source>Details</source>
        <translation>Détails</translation>
    </message>
    <message>
        <source>Choose a file or folder to see its details.</source>
        <translation>Choisissez un fichier ou un dossier pour voir ce que c’est.</translation>
    </message>
    <message>
        <source>Folder</source>
        <translation>Dossier</translation>
    </message>
    <message>
        <source>Symbolic link</source>
        <translation>Lien symbolique</translation>
    </message>
    <message>
        <source>{0} file</source>
        <translation>Fichier {0}</translation>
    </message>
    <message>
        <source>File</source>
        <translation>Fichier</translation>
    </message>
    <message>
        <source>{0}, a conflict copy</source>
        <translation>{0}, copie de conflit</translation>
    </message>
</context>
<context>
    <name>DevicesPage</name>
    <message>
        <source>A computer that is lost or sold should be removed here, and its access to the storage taken away as well: what it had read before, it keeps.</source>
        <translation>Un ordinateur perdu ou vendu devrait être retiré ici, et son accès au stockage aussi&#xa0;: ce qu’il avait déjà lu, il le garde.</translation>
    </message>
    <message>
        <source>Computers</source>
        <translation>Ordinateurs</translation>
    </message>
    <message>
        <source>&amp;Add a computer…</source>
        <translation>&amp;Ajouter un ordinateur…</translation>
    </message>
    <message>
        <source>Remove “{0}” from this locker?</source>
        <translation>Retirer «&#xa0;{0}&#xa0;» de ce coffre&#x202f;?</translation>
    </message>
    <message>
        <source>It gets no key of anything that is added or changed from now on, and nothing that it writes counts. What it could read until now stays readable to it in the storage, unless it is encrypted anew; what it copied, it keeps. This cannot be undone: to come back, it joins anew.</source>
        <translation>Il ne reçoit aucune clé de ce qui sera ajouté ou modifié désormais, et rien de ce qu’il écrit ne compte plus. Ce qu’il pouvait lire jusqu’ici lui reste lisible dans le stockage, sauf si c’est chiffré à nouveau&#x202f;; ce qu’il a copié, il le garde. C’est définitif&#xa0;: pour revenir, il doit se joindre de nouveau.</translation>
    </message>
    <message>
        <source>Encrypt anew &amp;what it could read: all of it is sent once more, in the background</source>
        <translation>Chiffrer à nouveau ce &amp;qu’il pouvait lire&#xa0;: tout est renvoyé une fois, en arrière‑plan</translation>
    </message>
    <message>
        <source>&amp;Keep it</source>
        <translation>Le gar&amp;der</translation>
    </message>
    <message>
        <source>&amp;Remove</source>
        <translation>&amp;Retirer</translation>
    </message>
</context>
<context>
    <name>FailureList</name>
    <message>
        <source>Files left out</source>
        <translation>Fichiers laissés de côté</translation>
    </message>
    <message>
        <source>1 file left out</source>
        <translation>1 fichier laissé de côté</translation>
    </message>
    <message>
        <source>{0} files left out</source>
        <translation>{0} fichiers laissés de côté</translation>
    </message>
    <message>
        <source>What went wrong</source>
        <translation>Ce qui a échoué</translation>
    </message>
</context>
<context>
    <name>FileListModel</name>
    <message>
        <source>Conflict copy</source>
        <translation>Copie de conflit</translation>
    </message>
    <message>
        <source>Folder</source>
        <translation>Dossier</translation>
    </message>
    <message>
        <source>Symbolic link</source>
        <translation>Lien symbolique</translation>
    </message>
    <message>
        <source>{0} file</source>
        <translation>Fichier {0}</translation>
    </message>
    <message>
        <source>File</source>
        <translation>Fichier</translation>
    </message>
    <message>
        <source>conflict copy</source>
        <translation>copie de conflit</translation>
    </message>
    <message>
        <source>folder</source>
        <translation>dossier</translation>
    </message>
    <message>
        <source>file</source>
        <translation>fichier</translation>
    </message>
    <message>
        <source>symbolic link</source>
        <translation>lien symbolique</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>Nom</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>Taille</translation>
    </message>
    <message>
        <source>Modified</source>
        <translation>Modifié</translation>
    </message>
    <message>
        <source>Kind</source>
        <translation>Type</translation>
    </message>
    <message>
        <source>Added</source>
        <translation>Ajouté</translation>
    </message>
</context>
<context>
    <name>FilesView</name>
    <message>
        <source>Files and folders</source>
        <translation>Fichiers et dossiers</translation>
    </message>
    <message>
        <source>Upload into {0}</source>
        <translation>Envoyer dans {0}</translation>
    </message>
    <message>
        <source>Move to {0}</source>
        <translation>Déplacer vers {0}</translation>
    </message>
</context>
<context>
    <name>FindBar</name>
    <message>
        <source>Search the &amp;whole locker</source>
        <translation>Chercher dans &amp;tout le coffre</translation>
    </message>
    <message>
        <source>&amp;Back to the folder</source>
        <translation>&amp;Revenir au dossier</translation>
    </message>
    <message>
        <source>{0} of {1} in this folder</source>
        <translation>{0} sur {1} dans ce dossier</translation>
    </message>
    <message>
        <source>{0} in the whole locker with “{1}” in the name</source>
        <translation>{0} dans tout le coffre avec «&#xa0;{1}&#xa0;» dans le nom</translation>
    </message>
    <message>
        <source>Nothing in the whole locker has “{0}” in its name</source>
        <translation>Rien dans tout le coffre n’a «&#xa0;{0}&#xa0;» dans son nom</translation>
    </message>
    <message>
        <source>(and more: type more of it)</source>
        <translation>(et d’autres&#xa0;: précisez)</translation>
    </message>
    <message>
        <source>Looking for “{0}” in the whole locker…</source>
        <translation>Recherche de «&#xa0;{0}&#xa0;» dans tout le coffre…</translation>
    </message>
</context>
<context>
    <name>FootButton</name>
    <message>
        <source>current page</source>
        <translation>page affichée</translation>
    </message>
</context>
<context>
    <name>FormPage</name>
    <message>
        <source>Your files, locked before they leave this computer. The keys stay with you.</source>
        <translation>Vos fichiers, sous clé avant de quitter cet ordinateur. Les clés restent chez vous.</translation>
    </message>
</context>
<context>
    <name>Frame</name>
    <message>
        <source>&amp;Lock</source>
        <translation>Verroui&amp;ller</translation>
    </message>
    <message>
        <source>Lock everything now (Ctrl+Shift+L)</source>
        <translation>Tout verrouiller maintenant (Ctrl+Maj+L)</translation>
    </message>
    <message>
        <source>Lockers</source>
        <translation>Coffres</translation>
    </message>
    <message>
        <source>Favourites</source>
        <translation>Favoris</translation>
    </message>
    <message>
        <source>&amp;Unlock</source>
        <translation>&amp;Déverrouiller</translation>
    </message>
    <message>
        <source>&amp;Show</source>
        <translation>&amp;Afficher</translation>
    </message>
    <message>
        <source>&amp;Open</source>
        <translation>&amp;Ouvrir</translation>
    </message>
    <message>
        <source>&amp;Remove from favourites</source>
        <translation>&amp;Retirer des favoris</translation>
    </message>
</context>
<context>
    <name>GeneralSection</name>
    <message>
        <source>Language</source>
        <translation>Langue</translation>
    </message>
    <message>
        <source>As the system</source>
        <translation>Comme le système</translation>
    </message>
    <message>
        <source>Lang&amp;uage</source>
        <translation>Lang&amp;ue</translation>
    </message>
    <message>
        <source>Holds when MegaDesk is started again.</source>
        <translation>Prend effet au prochain démarrage de MegaDesk.</translation>
    </message>
    <message>
        <source>Files</source>
        <translation>Fichiers</translation>
    </message>
    <message>
        <source>When a &amp;name is taken</source>
        <translation>Quand un &amp;nom est déjà pris</translation>
    </message>
    <message>
        <source>What an upload does. A replaced file stays as an older version.</source>
        <translation>Ce que fait un envoi. Un fichier remplacé reste comme ancienne version.</translation>
    </message>
    <message>
        <source>Ask</source>
        <translation>Demander</translation>
    </message>
    <message>
        <source>Replace</source>
        <translation>Remplacer</translation>
    </message>
    <message>
        <source>Keep both</source>
        <translation>Garder les deux</translation>
    </message>
    <message>
        <source>Skip</source>
        <translation>Ignorer</translation>
    </message>
    <message>
        <source>In the background</source>
        <translation>En arrière‑plan</translation>
    </message>
    <message>
        <source>&amp;Go on when the window is closed</source>
        <translation>&amp;Continuer quand la fenêtre est fermée</translation>
    </message>
    <message>
        <source>MegaDesk stays in the tray and keeps folders in sync.</source>
        <translation>MegaDesk reste dans la zone de notification et garde les dossiers synchronisés.</translation>
    </message>
    <message>
        <source>S&amp;tart with the desktop</source>
        <translation>&amp;Démarrer avec le bureau</translation>
    </message>
    <message>
        <source>In the tray. The locker stays locked until you unlock it.</source>
        <translation>Dans la zone de notification. Le coffre reste verrouillé jusqu’à ce que vous le déverrouilliez.</translation>
    </message>
    <message>
        <source>Notifi&amp;cations</source>
        <translation>Not&amp;ifications</translation>
    </message>
    <message>
        <source>When something needs you, or works again.</source>
        <translation>Quand quelque chose demande votre attention, ou fonctionne à nouveau.</translation>
    </message>
</context>
<context>
    <name>JoinPage</name>
    <message>
        <source>Recovery key and passphrase</source>
        <translation>Clé de récupération et phrase secrète</translation>
    </message>
    <message>
        <source>Open your locker</source>
        <translation>Ouvrir votre coffre</translation>
    </message>
    <message>
        <source>New passphrase for {0}</source>
        <translation>Nouvelle phrase secrète pour {0}</translation>
    </message>
    <message>
        <source>From a computer that uses it: Computers, “Add a computer”. Leave it empty if you have none.</source>
        <translation>Sur un ordinateur qui l’utilise&#xa0;: Ordinateurs, «&#xa0;Ajouter un ordinateur&#xa0;». Laissez vide si vous n’en avez pas.</translation>
    </message>
    <message>
        <source>Pairing &amp;code, if you have one</source>
        <translation>Co&amp;de d’association, si vous en avez un</translation>
    </message>
    <message>
        <source>Where the locker is</source>
        <translation>Où se trouve le coffre</translation>
    </message>
    <message>
        <source>The folder in which its encrypted objects lie.</source>
        <translation>Le dossier qui contient ses objets chiffrés.</translation>
    </message>
    <message>
        <source>13 groups of 5 characters; case and dashes do not matter</source>
        <translation>13 groupes de 5 caractères&#x202f;; casse et tirets sont indifférents</translation>
    </message>
    <message>
        <source>&amp;Recovery key</source>
        <translation>Clé de récupérat&amp;ion</translation>
    </message>
    <message>
        <source>New &amp;passphrase</source>
        <translation>Nouvelle &amp;phrase secrète</translation>
    </message>
    <message>
        <source>Passphrase &amp;again</source>
        <translation>Phrase secrète, &amp;encore</translation>
    </message>
    <message>
        <source>It will open the locker on this computer; other computers keep theirs.</source>
        <translation>Elle ouvrira le coffre sur cet ordinateur&#x202f;; les autres gardent la leur.</translation>
    </message>
    <message>
        <source>Uploads that were waiting on this computer are forgotten: start them again.</source>
        <translation>Les envois en attente sur cet ordinateur sont oubliés&#xa0;: relancez-les.</translation>
    </message>
    <message>
        <source>&amp;Back</source>
        <translation>&amp;Retour</translation>
    </message>
    <message>
        <source>&amp;Open</source>
        <translation>&amp;Ouvrir</translation>
    </message>
    <message>
        <source>Reading the locker… {0} %</source>
        <translation>Lecture du coffre… {0} %</translation>
    </message>
    <message>
        <source>The code is complete. Check that the folder is the same here.</source>
        <translation>Le code est complet. Vérifiez que le dossier est le même ici.</translation>
    </message>
    <message>
        <source>The code is complete. The locker is in {0}.</source>
        <translation>Le code est complet. Le coffre est dans {0}.</translation>
    </message>
    <message>
        <source>The key is complete.</source>
        <translation>La clé est complète.</translation>
    </message>
    <message>
        <source>{0} of {1} characters</source>
        <translation>{0} caractères sur {1}</translation>
    </message>
</context>
<context>
    <name>KeyGrid</name>
    <message>
        <source>Recovery key</source>
        <translation>Clé de récupération</translation>
    </message>
    <message>
        <source>Group {0}: {1}</source>
        <translation>Groupe {0}&#xa0;: {1}</translation>
    </message>
</context>
<context>
    <name>KeyboardDialog</name>
    <message>
        <source>Keyboard</source>
        <translation>Clavier</translation>
    </message>
</context>
<context>
    <name>LinkAddressDialog</name>
    <message>
        <source>Address of links</source>
        <translation>Adresse des liens</translation>
    </message>
    <message>
        <source>Where a domain of yours leads to this computer or your server. Empty: as that is reached.</source>
        <translation>Là où votre domaine mène à cet ordinateur ou à votre serveur. Vide&#xa0;: l’adresse de celui-ci.</translation>
    </message>
    <message>
        <source>Only where anyone can read this locker’s storage over the web: links then live there. Otherwise empty.</source>
        <translation>Seulement si n’importe qui peut lire le stockage de ce coffre par le web&#xa0;: les liens s’y trouvent alors. Sinon, vide.</translation>
    </message>
    <message>
        <source>&amp;Save</source>
        <translation>&amp;Enregistrer</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Annuler</translation>
    </message>
    <message>
        <source>&amp;Own address</source>
        <translation>Adresse &amp;personnelle</translation>
    </message>
    <message>
        <source>&amp;Public address of the storage</source>
        <translation>Adresse p&amp;ublique du stockage</translation>
    </message>
</context>
<context>
    <name>LinkDialog</name>
    <message>
        <source>Share “{0}”</source>
        <translation>Partager «&#xa0;{0}&#xa0;»</translation>
    </message>
    <message>
        <source>Save the link as a file</source>
        <translation>Enregistrer le lien dans un fichier</translation>
    </message>
    <message>
        <source>Web pages (*.html)</source>
        <translation>Pages web (*.html)</translation>
    </message>
    <message>
        <source>The link is on the clipboard.</source>
        <translation>Le lien est dans le presse-papiers.</translation>
    </message>
</context>
<context>
    <name>LinksPage</name>
    <message>
        <source>Links</source>
        <translation>Liens</translation>
    </message>
    <message>
        <source>Op&amp;en a link…</source>
        <translation>Ouvrir un li&amp;en…</translation>
    </message>
    <message>
        <source>One that you were sent (Ctrl+Shift+O)</source>
        <translation>Un lien que vous avez reçu (Ctrl+Maj+O)</translation>
    </message>
    <message>
        <source>Add&amp;ress…</source>
        <translation>A&amp;dresse…</translation>
    </message>
    <message>
        <source>Your own domain in links, and where the storage is public</source>
        <translation>Votre domaine dans les liens, et où le stockage est public</translation>
    </message>
    <message>
        <source>Share on this com&amp;puter</source>
        <translation>Partager sur cet &amp;ordinateur</translation>
    </message>
    <message>
        <source>Share on the &amp;network</source>
        <translation>Partager sur le ré&amp;seau</translation>
    </message>
    <message>
        <source>Stop s&amp;haring</source>
        <translation>Arrêter le &amp;partage</translation>
    </message>
    <message>
        <source>&amp;Copy link</source>
        <translation>&amp;Copier le lien</translation>
    </message>
    <message>
        <source>&amp;Show…</source>
        <translation>&amp;Afficher…</translation>
    </message>
    <message>
        <source>&amp;Go to file</source>
        <translation>Aller au f&amp;ichier</translation>
    </message>
    <message>
        <source>&amp;Take back…</source>
        <translation>&amp;Révoquer…</translation>
    </message>
    <message>
        <source>Show ol&amp;d links</source>
        <translation>A&amp;nciens liens</translation>
    </message>
    <message>
        <source>Choose a file and press Ctrl+L: its link is on the clipboard, and anyone with a browser can open it.</source>
        <translation>Choisissez un fichier et appuyez sur Ctrl+L&#xa0;: son lien est dans le presse-papiers et s’ouvre dans tout navigateur.</translation>
    </message>
    <message>
        <source>No links yet</source>
        <translation>Pas encore de liens</translation>
    </message>
    <message>
        <source>1 link works</source>
        <translation>1 lien fonctionne</translation>
    </message>
    <message>
        <source>{0} links work</source>
        <translation>{0} liens fonctionnent</translation>
    </message>
    <message>
        <source>The link is on the clipboard.</source>
        <translation>Le lien est dans le presse-papiers.</translation>
    </message>
    <message>
        <source>Take back the link to “{0}”?</source>
        <translation>Révoquer le lien vers «&#xa0;{0}&#xa0;»&#x202f;?</translation>
    </message>
    <message>
        <source>Take back {0} links?</source>
        <translation>Révoquer {0} liens&#x202f;?</translation>
    </message>
    <message>
        <source>It stops working. What somebody has downloaded already stays with them.</source>
        <translation>Il cesse de fonctionner. Ce que quelqu’un a déjà téléchargé lui reste.</translation>
    </message>
    <message>
        <source>Encrypt its files &amp;anew, so that keys kept from it open nothing: costs an upload of them</source>
        <translation>Chiffrer de nouveau ses &amp;fichiers, pour que les clés conservées n’ouvrent plus rien&#xa0;: coûte leur envoi</translation>
    </message>
    <message>
        <source>The link is being taken back, and its files encrypted anew…</source>
        <translation>Le lien est retiré, et ses fichiers chiffrés de nouveau…</translation>
    </message>
    <message>
        <source>Kee&amp;p</source>
        <translation>Conser&amp;ver</translation>
    </message>
    <message>
        <source>Take &amp;back</source>
        <translation>Révo&amp;quer</translation>
    </message>
</context>
<context>
    <name>ListedPage</name>
    <message>
        <source>Filter</source>
        <translation>Filtre</translation>
    </message>
</context>
<context>
    <name>LockSection</name>
    <message>
        <source>Lock by itself</source>
        <translation>Verrouillage automatique</translation>
    </message>
    <message>
        <source>Never</source>
        <translation>Jamais</translation>
    </message>
    <message>
        <source>1 minute</source>
        <translation>1 minute</translation>
    </message>
    <message>
        <source>{0} minutes</source>
        <translation>{0} minutes</translation>
    </message>
    <message>
        <source>When MegaDesk is not &amp;used</source>
        <translation>Quand MegaDesk n’est pas &amp;utilisé</translation>
    </message>
    <message>
        <source>Keys, mouse and touch in its window count as use.</source>
        <translation>Clavier, souris et écran tactile dans sa fenêtre comptent comme utilisation.</translation>
    </message>
    <message>
        <source>With the &amp;screen</source>
        <translation>Avec l’&amp;écran</translation>
    </message>
    <message>
        <source>When the session is locked or the screen saver starts.</source>
        <translation>Quand la session est verrouillée ou que l’économiseur d’écran démarre.</translation>
    </message>
    <message>
        <source>&amp;Before sleep</source>
        <translation>Avant la mise en &amp;veille</translation>
    </message>
    <message>
        <source>At once, whatever is running; transfers go on when the locker is open again.</source>
        <translation>Aussitôt, quoi qu’il se passe&#x202f;; les transferts reprennent à la réouverture du coffre.</translation>
    </message>
    <message>
        <source>&amp;Wait for transfers</source>
        <translation>&amp;Attendre la fin des transferts</translation>
    </message>
    <message>
        <source>Idle time and a locked screen lock once nothing is being sent or fetched any more.</source>
        <translation>L’inactivité et l’écran verrouillé n’agissent que lorsque plus rien n’est envoyé ni reçu.</translation>
    </message>
    <message>
        <source>Passphrases</source>
        <translation>Phrases secrètes</translation>
    </message>
</context>
<context>
    <name>LockerView</name>
    <message>
        <source>Continuing {0} from last time.</source>
        <translation>Reprise de {0} de la dernière fois.</translation>
    </message>
    <message>
        <source>1 transfer</source>
        <translation>1 transfert</translation>
    </message>
    <message>
        <source>{0} transfers</source>
        <translation>{0} transferts</translation>
    </message>
</context>
<context>
    <name>MainWindow</name>
    <message>
        <source>Locking…</source>
        <translation>Verrouillage…</translation>
    </message>
    <message>
        <source>Another program was still reading a file that came out of MegaDesk. It may read it to its end; then it is wiped. Look whether the copy that it made is complete.</source>
        <translation>Un autre programme lisait encore un fichier sorti de MegaDesk. Il peut le lire jusqu’au bout, puis le fichier sera effacé. Vérifiez que la copie qu’il a faite est complète.</translation>
    </message>
</context>
<context>
    <name>Meter</name>
    <message>
        <source>Strength</source>
        <translation>Solidité</translation>
    </message>
</context>
<context>
    <name>NameBar</name>
    <message>
        <source>Cancel</source>
        <translation>Annuler</translation>
    </message>
</context>
<context>
    <name>NameDelegate</name>
    <message>
        <source>New name</source>
        <translation>Nouveau nom</translation>
    </message>
</context>
<context>
    <name>NewPassphrase</name>
    <message>
        <source>The two passphrases differ.</source>
        <translation>Les deux phrases diffèrent.</translation>
    </message>
</context>
<context>
    <name>OpenLinkDialog</name>
    <message>
        <source>Open a link</source>
        <translation>Ouvrir un lien</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Annuler</translation>
    </message>
    <message>
        <source>&amp;Open the link</source>
        <translation>&amp;Ouvrir le lien</translation>
    </message>
    <message>
        <source>&amp;Unlock</source>
        <translation>&amp;Déverrouiller</translation>
    </message>
    <message>
        <source>&amp;Open</source>
        <translation>&amp;Ouvrir</translation>
    </message>
    <message>
        <source>&amp;Keep in the locker</source>
        <translation>&amp;Garder dans le coffre</translation>
    </message>
    <message>
        <source>&amp;Save to…</source>
        <translation>&amp;Enregistrer…</translation>
    </message>
    <message>
        <source>&amp;Go to file</source>
        <translation>&amp;Aller au fichier</translation>
    </message>
    <message>
        <source>Show the &amp;folder</source>
        <translation>Afficher le &amp;dossier</translation>
    </message>
    <message>
        <source>&amp;Done</source>
        <translation>&amp;Terminé</translation>
    </message>
    <message>
        <source>All of it, with what is behind the #. The host is asked for it, and only for it.</source>
        <translation>En entier, avec ce qui suit le #. Rien d’autre n’est demandé à l’hôte.</translation>
    </message>
    <message>
        <source>&amp;Link</source>
        <translation>&amp;Lien</translation>
    </message>
    <message>
        <source>Password</source>
        <translation>Mot de passe</translation>
    </message>
    <message>
        <source>Whoever sent you the link has it.</source>
        <translation>La personne qui vous a envoyé le lien le connaît.</translation>
    </message>
    <message>
        <source>&amp;Password of the link</source>
        <translation>&amp;Mot de passe du lien</translation>
    </message>
    <message>
        <source>Note from the sender</source>
        <translation>Message de l’expéditeur</translation>
    </message>
    <message>
        <source>Progress</source>
        <translation>Progression</translation>
    </message>
    <message>
        <source>Another program wants to open a link at {0}. Is that what you expect?</source>
        <translation>Un autre programme veut ouvrir un lien chez {0}. Est‑ce bien ce que vous attendez&#x202f;?</translation>
    </message>
    <message>
        <source>This link has a password</source>
        <translation>Ce lien a un mot de passe</translation>
    </message>
    <message>
        <source>Looking at what it is…</source>
        <translation>Lecture du lien…</translation>
    </message>
    <message>
        <source>This is a link of your own: it shows {0} in this locker.</source>
        <translation>C’est un de vos propres liens&#xa0;: il montre {0} dans ce coffre.</translation>
    </message>
    <message>
        <source>Somebody shares this with you</source>
        <translation>Quelqu’un partage ceci avec vous</translation>
    </message>
    <message>
        <source>Fetching and verifying</source>
        <translation>Téléchargement et vérification</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>Terminé</translation>
    </message>
    <message>
        <source>Save to a folder</source>
        <translation>Enregistrer dans un dossier</translation>
    </message>
    <message>
        <source>Save here</source>
        <translation>Enregistrer ici</translation>
    </message>
</context>
<context>
    <name>PairDialog</name>
    <message>
        <source>Keep a folder in sync</source>
        <translation>Garder un dossier synchronisé</translation>
    </message>
    <message>
        <source>&amp;Browse…</source>
        <translation>&amp;Parcourir…</translation>
    </message>
    <message>
        <source>Folder on &amp;this computer</source>
        <translation>Dossier sur &amp;cet ordinateur</translation>
    </message>
    <message>
        <source>It is made where it is missing.</source>
        <translation>Il est créé s’il n’existe pas.</translation>
    </message>
    <message>
        <source>&amp;Direction</source>
        <translation>&amp;Sens</translation>
    </message>
    <message>
        <source>&amp;Cancel</source>
        <translation>&amp;Annuler</translation>
    </message>
    <message>
        <source>&amp;Keep in sync</source>
        <translation>S&amp;ynchroniser</translation>
    </message>
    <message>
        <source>Folder in the &amp;locker</source>
        <translation>Dossier dans le c&amp;offre</translation>
    </message>
    <message>
        <source>A folder to keep in sync</source>
        <translation>Un dossier à garder synchronisé</translation>
    </message>
</context>
<context>
    <name>PassphraseEdit</name>
    <message>
        <source>Show the passphrase</source>
        <translation>Afficher la phrase secrète</translation>
    </message>
</context>
<context>
    <name>PassphrasePanel</name>
    <message>
        <source>&amp;Locker</source>
        <translation>&amp;Coffre</translation>
    </message>
    <message>
        <source>&amp;Change…</source>
        <translation>&amp;Changer…</translation>
    </message>
    <message>
        <source>Passphrase on this computer</source>
        <translation>Phrase secrète sur cet ordinateur</translation>
    </message>
    <message>
        <source>Other computers keep theirs. The recovery key stays as it is.</source>
        <translation>Les autres ordinateurs gardent la leur. La clé de récupération ne change pas.</translation>
    </message>
    <message>
        <source>&amp;Remember…</source>
        <translation>&amp;Mémoriser…</translation>
    </message>
    <message>
        <source>Open without a passphrase on this computer</source>
        <translation>Ouvrir sans phrase secrète sur cet ordinateur</translation>
    </message>
    <message>
        <source>Passphrase until now</source>
        <translation>Phrase secrète actuelle</translation>
    </message>
    <message>
        <source>Passphrase &amp;until now</source>
        <translation>Phrase secrète act&amp;uelle</translation>
    </message>
    <message>
        <source>&amp;New passphrase</source>
        <translation>&amp;Nouvelle phrase secrète</translation>
    </message>
    <message>
        <source>New passphrase &amp;again</source>
        <translation>Nouvelle phrase, &amp;encore</translation>
    </message>
    <message>
        <source>Change the &amp;passphrase</source>
        <translation>Changer la &amp;phrase secrète</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Annuler</translation>
    </message>
    <message>
        <source>Passphrase of the locker</source>
        <translation>Phrase secrète du coffre</translation>
    </message>
    <message>
        <source>Passphrase of the &amp;locker</source>
        <translation>Phrase secrète du &amp;coffre</translation>
    </message>
    <message>
        <source>Whoever can use your session on this computer can then open the locker.</source>
        <translation>Quiconque utilise votre session sur cet ordinateur pourra alors ouvrir le coffre.</translation>
    </message>
    <message>
        <source>&amp;Remember it</source>
        <translation>&amp;Mémoriser</translation>
    </message>
    <message>
        <source>The passphrase is changed.</source>
        <translation>La phrase secrète est changée.</translation>
    </message>
    <message>
        <source>That is not the passphrase of this locker.</source>
        <translation>Ce n’est pas la phrase secrète de ce coffre.</translation>
    </message>
    <message>
        <source>&amp;Forget</source>
        <translation>&amp;Oublier</translation>
    </message>
    <message>
        <source>The keys are kept by {0}.</source>
        <translation>Les clés sont gardées par {0}.</translation>
    </message>
    <message>
        <source>the keychain</source>
        <translation>le trousseau</translation>
    </message>
    <message>
        <source>The keys would be kept by {0}.</source>
        <translation>Les clés seraient gardées par {0}.</translation>
    </message>
    <message>
        <source>This system has no keychain that MegaDesk can trust.</source>
        <translation>Ce système n’a pas de trousseau auquel MegaDesk puisse se fier.</translation>
    </message>
</context>
<context>
    <name>PathBar</name>
    <message>
        <source>Path of a folder or file</source>
        <translation>Chemin d’un dossier ou d’un fichier</translation>
    </message>
    <message>
        <source>/Folder/Folder</source>
        <translation>/Dossier/Dossier</translation>
    </message>
</context>
<context>
    <name>PreviewBox</name>
    <message>
        <source>Previous page</source>
        <translation>Page précédente</translation>
    </message>
    <message>
        <source>Next page</source>
        <translation>Page suivante</translation>
    </message>
    <message>
        <source>Preview</source>
        <translation>Aperçu</translation>
    </message>
    <message>
        <source>Page {0} of {1}: {2}</source>
        <translation>Page {0} sur {1}&#xa0;: {2}</translation>
    </message>
    <message>
        <source>Picture: {0}</source>
        <translation>Image&#xa0;: {0}</translation>
    </message>
    <message>
        <source>Too large for a preview</source>
        <translation>Trop grand pour un aperçu</translation>
    </message>
    <message>
        <source>No preview: the storage cannot be reached</source>
        <translation>Pas d’aperçu&#xa0;: le stockage est injoignable</translation>
    </message>
    <message>
        <source>No preview: this PDF has a password of its own</source>
        <translation>Pas d’aperçu&#xa0;: ce PDF a son propre mot de passe</translation>
    </message>
    <message>
        <source>No preview: this PDF is damaged</source>
        <translation>Pas d’aperçu&#xa0;: ce PDF est abîmé</translation>
    </message>
    <message>
        <source>No preview: drawing this page takes too long</source>
        <translation>Pas d’aperçu&#xa0;: dessiner cette page prend trop de temps</translation>
    </message>
    <message>
        <source>Page {0} of {1}</source>
        <translation>Page {0} sur {1}</translation>
    </message>
</context>
<context>
    <name>QrPicture</name>
    <message>
        <source>The recovery key as a QR code</source>
        <translation>La clé de récupération en code QR</translation>
    </message>
    <message>
        <source>For the camera of a telephone or another computer</source>
        <translation>Pour l’appareil photo d’un téléphone ou d’un autre ordinateur</translation>
    </message>
</context>
<context>
    <name>RateBox</name>
    <message>
        <source> kB/s</source>
        <translation> ko/s</translation>
    </message>
    <message>
        <source>No limit</source>
        <translation>Sans limite</translation>
    </message>
</context>
<context>
    <name>RecentPage</name>
    <message>
        <source>Recent</source>
        <translation>Récents</translation>
    </message>
    <message>
        <source>Saved</source>
        <translation>Enregistré</translation>
    </message>
    <message>
        <source>Show in its &amp;folder</source>
        <translation>Montrer dans son &amp;dossier</translation>
    </message>
    <message>
        <source>&amp;Save to…</source>
        <translation>&amp;Enregistrer…</translation>
    </message>
    <message>
        <source>Nothing has this in its name</source>
        <translation>Aucun nom ne contient cela</translation>
    </message>
    <message>
        <source>Files appear here as they are added or changed, on this computer or on others.</source>
        <translation>Les fichiers apparaissent ici quand ils sont ajoutés ou modifiés, sur cet ordinateur ou sur d’autres.</translation>
    </message>
    <message>
        <source>Nothing yet</source>
        <translation>Rien encore</translation>
    </message>
    <message>
        <source>Save to a folder</source>
        <translation>Enregistrer dans un dossier</translation>
    </message>
</context>
<context>
    <name>ReencryptPanel</name>
    <message>
        <source>How much is encrypted anew</source>
        <translation>Part déjà chiffrée à nouveau</translation>
    </message>
    <message>
        <source>&amp;Encrypt anew</source>
        <translation>&amp;Chiffrer à nouveau</translation>
    </message>
    <message>
        <source>Pa&amp;use</source>
        <translation>Pa&amp;use</translation>
    </message>
    <message>
        <source>&amp;Go on</source>
        <translation>&amp;Reprendre</translation>
    </message>
</context>
<context>
    <name>SearchField</name>
    <message>
        <source>Search</source>
        <translation>Rechercher</translation>
    </message>
    <message>
        <source>Type to filter this folder, press Enter to search the whole locker (Ctrl+F)</source>
        <translation>Tapez pour filtrer ce dossier, Entrée pour chercher dans tout le coffre (Ctrl+F)</translation>
    </message>
    <message>
        <source>Empty the search</source>
        <translation>Vider la recherche</translation>
    </message>
</context>
<context>
    <name>SettingsPage</name>
    <message>
        <source>Sections</source>
        <translation>Rubriques</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>Réglages</translation>
    </message>
    <message>
        <source>General</source>
        <translation>Général</translation>
    </message>
    <message>
        <source>Lock</source>
        <translation>Verrouillage</translation>
    </message>
    <message>
        <source>Transfers</source>
        <translation>Transferts</translation>
    </message>
    <message>
        <source>Storage</source>
        <translation>Stockage</translation>
    </message>
    <message>
        <source>Appearance</source>
        <translation>Apparence</translation>
    </message>
    <message>
        <source>Advanced</source>
        <translation>Avancé</translation>
    </message>
    <message>
        <source>Keyboard</source>
        <translation>Clavier</translation>
    </message>
    <message>
        <source>About</source>
        <translation>À propos</translation>
    </message>
</context>
<context>
    <name>SetupPage</name>
    <message>
        <source>Storage and passphrase</source>
        <translation>Stockage et phrase secrète</translation>
    </message>
    <message>
        <source>Recovery key</source>
        <translation>Clé de récupération</translation>
    </message>
    <message>
        <source>Check</source>
        <translation>Vérification</translation>
    </message>
    <message>
        <source>Make your locker</source>
        <translation>Créez votre coffre</translation>
    </message>
    <message>
        <source>&amp;Locker’s name</source>
        <translation>&amp;Nom du coffre</translation>
    </message>
    <message>
        <source>Where should the encrypted files be kept?</source>
        <translation>Où garder les fichiers chiffrés&#x202f;?</translation>
    </message>
    <message>
        <source>This computer</source>
        <translation>Cet ordinateur</translation>
    </message>
    <message>
        <source>A folder that holds only encrypted objects. It may lie on a drive or in a folder you back up.</source>
        <translation>Un dossier qui ne contient que des objets chiffrés, par exemple sur un disque ou parmi vos sauvegardes.</translation>
    </message>
    <message>
        <source>&amp;Passphrase</source>
        <translation>&amp;Phrase secrète</translation>
    </message>
    <message>
        <source>Passphrase &amp;again</source>
        <translation>Phrase secrète, &amp;encore</translation>
    </message>
    <message>
        <source>It opens the locker on this computer. Nobody can reset it for you, but a recovery key can.</source>
        <translation>Elle ouvre le coffre sur cet ordinateur. Personne ne peut la rétablir pour vous&#x202f;; la clé de récupération, si.</translation>
    </message>
    <message>
        <source>&amp;Make the locker</source>
        <translation>&amp;Créer le coffre</translation>
    </message>
    <message>
        <source>I have a recovery &amp;key</source>
        <translation>&amp;J’ai une clé de récupération</translation>
    </message>
    <message>
        <source>&amp;Back</source>
        <translation>&amp;Retour</translation>
    </message>
    <message>
        <source>Your recovery key</source>
        <translation>Votre clé de récupération</translation>
    </message>
    <message>
        <source>With this key the locker opens on any computer, also when the passphrase is forgotten or this computer is lost. It is shown only now. Keep it on paper or on another drive; whoever has it has your files.</source>
        <translation>Avec cette clé, le coffre s’ouvre sur tout ordinateur, même si la phrase secrète est oubliée ou cet ordinateur perdu. Elle n’est montrée que maintenant. Gardez-la sur papier ou sur un autre disque&#x202f;; qui la détient a vos fichiers.</translation>
    </message>
    <message>
        <source>&amp;Save to a file…</source>
        <translation>&amp;Enregistrer…</translation>
    </message>
    <message>
        <source>&amp;Print…</source>
        <translation>&amp;Imprimer…</translation>
    </message>
    <message>
        <source>&amp;Copy</source>
        <translation>&amp;Copier</translation>
    </message>
    <message>
        <source>I have &amp;kept it</source>
        <translation>Je l’ai &amp;gardée</translation>
    </message>
    <message>
        <source>Is it really kept?</source>
        <translation>Est-elle bien gardée&#x202f;?</translation>
    </message>
    <message>
        <source>Read two groups from where you saved the key and type them here.</source>
        <translation>Lisez deux groupes là où vous avez gardé la clé et tapez-les ici.</translation>
    </message>
    <message>
        <source>&amp;Show the key again</source>
        <translation>&amp;Revoir la clé</translation>
    </message>
    <message>
        <source>&amp;Open the locker</source>
        <translation>&amp;Ouvrir le coffre</translation>
    </message>
    <message>
        <source>The recovery key is shown only now. Keep it first, or close again to leave without it.</source>
        <translation>La clé de récupération n’est montrée que maintenant. Gardez-la d’abord, ou fermez à nouveau pour partir sans elle.</translation>
    </message>
    <message>
        <source>A locker is in this storage already.</source>
        <translation>Ce stockage contient déjà un coffre.</translation>
    </message>
    <message>
        <source>&amp;Open it with its recovery key</source>
        <translation>L’&amp;ouvrir avec sa clé de récupération</translation>
    </message>
    <message>
        <source>Copied. The clipboard is cleared in a minute.</source>
        <translation>Copiée. Le presse-papiers sera vidé dans une minute.</translation>
    </message>
    <message>
        <source>Save the recovery key</source>
        <translation>Enregistrer la clé de récupération</translation>
    </message>
    <message>
        <source>Sheet to print (*.pdf)</source>
        <translation>Feuille à imprimer (*.pdf)</translation>
    </message>
    <message>
        <source>Text (*.txt)</source>
        <translation>Texte (*.txt)</translation>
    </message>
    <message>
        <source>MegaDesk recovery key ({0})</source>
        <translation>Clé de récupération MegaDesk ({0})</translation>
    </message>
    <message>
        <source>MegaDesk recovery key</source>
        <translation>Clé de récupération MegaDesk</translation>
    </message>
    <message>
        <source>Sent to the printer.</source>
        <translation>Envoyée à l’imprimante.</translation>
    </message>
    <message>
        <source>The printer does not take it.</source>
        <translation>L’imprimante ne la prend pas.</translation>
    </message>
    <message>
        <source>Group {0}</source>
        <translation>Groupe {0}</translation>
    </message>
    <message>
        <source>The key was not saved: {0}.</source>
        <translation>La clé n’a pas été enregistrée&#xa0;: {0}.</translation>
    </message>
    <message>
        <source>Saved as {0}</source>
        <translation>Enregistré sous {0}</translation>
    </message>
</context>
<context>
    <name>Shelf</name>
    <message>
        <source>Cancel</source>
        <translation>Annuler</translation>
    </message>
    <message>
        <source>Making {0} ready to be dragged out</source>
        <translation>Préparation de {0} pour le glisser dehors</translation>
    </message>
    <message>
        <source>{0} is ready: drag it from here to a folder</source>
        <translation>{0} est prêt&#xa0;: glissez-le d’ici vers un dossier</translation>
    </message>
    <message>
        <source>A decrypted copy that is deleted after the drop, after 15 minutes, or at the lock</source>
        <translation>Une copie déchiffrée, supprimée après le dépôt, après 15 minutes ou au verrouillage</translation>
    </message>
    <message>
        <source>Delete the copy</source>
        <translation>Supprimer la copie</translation>
    </message>
</context>
<context>
    <name>SideList</name>
    <message>
        <source>Lockers and pages</source>
        <translation>Coffres et pages</translation>
    </message>
</context>
<context>
    <name>SideModel</name>
    <message>
        <source>locked</source>
        <translation>verrouillé</translation>
    </message>
    <message>
        <source>open</source>
        <translation>ouvert</translation>
    </message>
    <message>
        <source>locker</source>
        <translation>coffre</translation>
    </message>
</context>
<context>
    <name>Sidebar</name>
    <message>
        <source>Add a locker</source>
        <translation>Ajouter un coffre</translation>
    </message>
</context>
<context>
    <name>StorageForm</name>
    <message>
        <source>&amp;Test</source>
        <translation>&amp;Tester</translation>
    </message>
    <message>
        <source>Test th&amp;is one</source>
        <translation>Tester cel&amp;ui-ci</translation>
    </message>
    <message>
        <source>{0} (optional)</source>
        <translation>{0} (facultatif)</translation>
    </message>
    <message>
        <source>Brows&amp;e…</source>
        <translation>P&amp;arcourir…</translation>
    </message>
    <message>
        <source>Add this stora&amp;ge</source>
        <translation>Ajouter ce stoc&amp;kage</translation>
    </message>
    <message>
        <source>How many of them are enough to read everything</source>
        <translation>Combien d’entre eux suffisent pour tout lire</translation>
    </message>
    <message>
        <source>Up to {0} of {1} may be lost. It takes {2} times the space of the files.</source>
        <translation>On peut en perdre jusqu’à {0} sur {1}. Il faut {2} fois la place des fichiers.</translation>
    </message>
    <message>
        <source>Remove {0}</source>
        <translation>Retirer {0}</translation>
    </message>
    <message>
        <source>Trying it out…</source>
        <translation>Essai en cours…</translation>
    </message>
    <message>
        <source>http is not encrypted. Your files are, but others see how much is sent: use https if you can.</source>
        <translation>http n’est pas chiffré. Vos fichiers le sont, mais d’autres voient combien est envoyé&#xa0;: préférez https.</translation>
    </message>
    <message>
        <source>This storage is among them already.</source>
        <translation>Ce stockage en fait déjà partie.</translation>
    </message>
    <message>
        <source>Choose a folder</source>
        <translation>Choisir un dossier</translation>
    </message>
    <message>
        <source>Choose a key file</source>
        <translation>Choisir un fichier de clé</translation>
    </message>
</context>
<context>
    <name>StoragePage</name>
    <message>
        <source>What does my storage see?</source>
        <translation>Que voit mon stockage&#x202f;?</translation>
    </message>
    <message>
        <source>On the left, all that its owner can read. On the right, the same as you see it.</source>
        <translation>À gauche, tout ce que son propriétaire peut lire. À droite, la même chose telle que vous la voyez.</translation>
    </message>
    <message>
        <source>&amp;Verify</source>
        <translation>&amp;Vérifier</translation>
    </message>
    <message>
        <source>Compare history and storage: is everything there that should be?</source>
        <translation>Comparer l’historique et le stockage&#xa0;: tout ce qui doit y être y est-il&#x202f;?</translation>
    </message>
    <message>
        <source>&amp;Password…</source>
        <translation>&amp;Mot de passe…</translation>
    </message>
    <message>
        <source>User, password or key by which the storage lets this computer in</source>
        <translation>Utilisateur, mot de passe ou clé par lesquels le stockage laisse entrer cet ordinateur</translation>
    </message>
    <message>
        <source>&amp;Keep these</source>
        <translation>&amp;Garder</translation>
    </message>
    <message>
        <source>What the storage sees</source>
        <translation>Ce que voit le stockage</translation>
    </message>
    <message>
        <source>Object</source>
        <translation>Objet</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>Taille</translation>
    </message>
    <message>
        <source>What it is</source>
        <translation>Ce que c’est</translation>
    </message>
    <message>
        <source>What you see</source>
        <translation>Ce que vous voyez</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>Nom</translation>
    </message>
    <message>
        <source>Your storage</source>
        <translation>Votre stockage</translation>
    </message>
    <message>
        <source>You</source>
        <translation>Vous</translation>
    </message>
    <message>
        <source>Asking…</source>
        <translation>Interrogation…</translation>
    </message>
    <message>
        <source>It does not answer yet, and is asked again and again.</source>
        <translation>Il ne répond pas encore&#x202f;; la demande est répétée.</translation>
    </message>
    <message>
        <source>Needs attention</source>
        <translation>Demande attention</translation>
    </message>
    <message>
        <source>Works</source>
        <translation>Fonctionne</translation>
    </message>
    <message>
        <source>{0}, {1}</source>
        <translation>{0}, {1}</translation>
    </message>
    <message>
        <source>Storage</source>
        <translation>Stockage</translation>
    </message>
    <message>
        <source>Kept on this computer, sealed: {0}.</source>
        <translation>Gardés sur cet ordinateur, scellés&#xa0;: {0}.</translation>
    </message>
    <message>
        <source>None are kept on this computer.</source>
        <translation>Aucun n’est gardé sur cet ordinateur.</translation>
    </message>
    <message>
        <source>{0} free</source>
        <translation>{0} libres</translation>
    </message>
    <message>
        <source>1 computer</source>
        <translation>1 ordinateur</translation>
    </message>
    <message>
        <source>{0} computers</source>
        <translation>{0} ordinateurs</translation>
    </message>
    <message>
        <source>asked: {0}</source>
        <translation>interrogé&#xa0;: {0}</translation>
    </message>
    <message>
        <source>verified: {0}</source>
        <translation>vérifié&#xa0;: {0}</translation>
    </message>
    <message>
        <source>never</source>
        <translation>jamais</translation>
    </message>
    <message>
        <source>away</source>
        <translation>absent</translation>
    </message>
    <message>
        <source>lacks {0}</source>
        <translation>il en manque {0}</translation>
    </message>
    <message>
        <source>{0} damaged</source>
        <translation>{0} endommagés</translation>
    </message>
    <message>
        <source>whole</source>
        <translation>complet</translation>
    </message>
    <message>
        <source>Verifying…</source>
        <translation>Vérification…</translation>
    </message>
    <message>
        <source>1 problem was found.</source>
        <translation>1 problème a été trouvé.</translation>
    </message>
    <message>
        <source>{0} problems were found.</source>
        <translation>{0} problèmes ont été trouvés.</translation>
    </message>
    <message>
        <source>Everything is there.</source>
        <translation>Tout y est.</translation>
    </message>
</context>
<context>
    <name>StoragePicker</name>
    <message>
        <source>Folder for the locker</source>
        <translation>Dossier du coffre</translation>
    </message>
    <message>
        <source>Bro&amp;wse…</source>
        <translation>P&amp;arcourir…</translation>
    </message>
    <message>
        <source>Other s&amp;torage: Nextcloud, S3, SFTP…</source>
        <translation>Autre s&amp;tockage&#xa0;: Nextcloud, S3, SFTP…</translation>
    </message>
</context>
<context>
    <name>StorageSection</name>
    <message>
        <source>Lockers on this computer</source>
        <translation>Coffres de cet ordinateur</translation>
    </message>
    <message>
        <source>State, credentials and contents of a storage are on the page “Storage” of an open locker.</source>
        <translation>L’état, les identifiants et le contenu d’un stockage sont à la page «&#xa0;Stockage&#xa0;» d’un coffre ouvert.</translation>
    </message>
</context>
<context>
    <name>SyncPage</name>
    <message>
        <source>Sync</source>
        <translation>Synchronisation</translation>
    </message>
    <message>
        <source>&amp;Keep a folder in sync…</source>
        <translation>&amp;Synchroniser un dossier…</translation>
    </message>
    <message>
        <source>Look &amp;at all now</source>
        <translation>&amp;Tout vérifier maintenant</translation>
    </message>
    <message>
        <source>A folder of this computer and one of the locker are kept equal. What goes on one side goes to the trash of the other, and what changes on both is kept twice.</source>
        <translation>Un dossier de cet ordinateur et un dossier du coffre restent identiques. Ce qui disparaît d’un côté va dans la corbeille de l’autre, et ce qui change des deux côtés est gardé en double.</translation>
    </message>
    <message>
        <source>No folder is kept in sync yet</source>
        <translation>Aucun dossier n’est encore synchronisé</translation>
    </message>
    <message>
        <source>and {0} more</source>
        <translation>et {0} autres</translation>
    </message>
    <message>
        <source>1 thing needs you</source>
        <translation>1 point demande votre attention</translation>
    </message>
    <message>
        <source>{0} things need you</source>
        <translation>{0} points demandent votre attention</translation>
    </message>
    <message>
        <source>Keep “{0}” in sync no longer?</source>
        <translation>Ne plus synchroniser «&#xa0;{0}&#xa0;»&#x202f;?</translation>
    </message>
    <message>
        <source>No file is touched, neither here nor in the locker.</source>
        <translation>Aucun fichier n’est touché, ni ici ni dans le coffre.</translation>
    </message>
    <message>
        <source>&amp;Go on syncing</source>
        <translation>&amp;Continuer la synchronisation</translation>
    </message>
    <message>
        <source>&amp;Stop syncing</source>
        <translation>&amp;Arrêter la synchronisation</translation>
    </message>
    <message>
        <source>No program here opens folders. It is {0}.</source>
        <translation>Aucun programme n’ouvre les dossiers ici. C’est {0}.</translation>
    </message>
    <message>
        <source>The folder could not be opened</source>
        <translation>Le dossier n’a pas pu être ouvert</translation>
    </message>
</context>
<context>
    <name>TestResultBox</name>
    <message>
        <source>It is the right one: &amp;trust it</source>
        <translation>C’est le bon&#xa0;: lui &amp;faire confiance</translation>
    </message>
    <message>
        <source>Its key has the fingerprint
{0}
Compare it with what the server’s owner says.</source>
        <translation>Sa clé a pour empreinte
{0}
Comparez-la avec ce que dit le propriétaire du serveur.</translation>
    </message>
</context>
<context>
    <name>TransferStrip</name>
    <message>
        <source>Progress</source>
        <translation>Progression</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>Pause</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>Réessayer</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Annuler</translation>
    </message>
    <message>
        <source>Show all transfers</source>
        <translation>Afficher tous les transferts</translation>
    </message>
    <message>
        <source>+ {0} waiting</source>
        <translation>+ {0} en attente</translation>
    </message>
    <message>
        <source>Continue</source>
        <translation>Continuer</translation>
    </message>
    <message>
        <source>Dismiss</source>
        <translation>Fermer ce message</translation>
    </message>
</context>
<context>
    <name>TransferView</name>
    <message>
        <source>Transfers</source>
        <translation>Transferts</translation>
    </message>
</context>
<context>
    <name>TransfersPage</name>
    <message>
        <source>Transfers</source>
        <translation>Transferts</translation>
    </message>
    <message>
        <source>Pause &amp;all</source>
        <translation>Tout mettre en p&amp;ause</translation>
    </message>
    <message>
        <source>Li&amp;mits</source>
        <translation>Li&amp;mites</translation>
    </message>
    <message>
        <source>To the top of the queue</source>
        <translation>En tête de file</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>Pause</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>Réessayer</translation>
    </message>
    <message>
        <source>Cancel, or take off the list</source>
        <translation>Abandonner, ou retirer de la liste</translation>
    </message>
    <message>
        <source>Try all that failed again</source>
        <translation>Réessayer tout ce qui a échoué</translation>
    </message>
    <message>
        <source>Retr&amp;y all</source>
        <translation>Tout r&amp;éessayer</translation>
    </message>
    <message>
        <source>Take what is done off the list</source>
        <translation>Retirer de la liste ce qui est fait</translation>
    </message>
    <message>
        <source>Clear &amp;done</source>
        <translation>Retirer les &amp;faits</translation>
    </message>
    <message>
        <source>All</source>
        <translation>Tous</translation>
    </message>
    <message>
        <source>Uploads</source>
        <translation>Envois</translation>
    </message>
    <message>
        <source>Downloads</source>
        <translation>Téléchargements</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>Faits</translation>
    </message>
    <message>
        <source>Failed</source>
        <translation>Échoués</translation>
    </message>
    <message>
        <source>Continue &amp;all</source>
        <translation>Tout &amp;continuer</translation>
    </message>
    <message>
        <source>Nothing is being transferred</source>
        <translation>Aucun transfert en cours</translation>
    </message>
    <message>
        <source>Drop files on the list of files, or save some of them to this computer.</source>
        <translation>Déposez des fichiers sur la liste des fichiers, ou enregistrez-en sur cet ordinateur.</translation>
    </message>
    <message>
        <source>Nothing waits to be uploaded</source>
        <translation>Rien n’attend d’être envoyé</translation>
    </message>
    <message>
        <source>Nothing waits to be saved</source>
        <translation>Rien n’attend d’être enregistré</translation>
    </message>
    <message>
        <source>Nothing is done yet</source>
        <translation>Rien n’est encore fait</translation>
    </message>
    <message>
        <source>Nothing has failed</source>
        <translation>Rien n’a échoué</translation>
    </message>
    <message>
        <source>Continue</source>
        <translation>Continuer</translation>
    </message>
    <message>
        <source>Uploads at most</source>
        <translation>Envois au plus</translation>
    </message>
    <message>
        <source>Downloads at most</source>
        <translation>Réceptions au plus</translation>
    </message>
    <message>
        <source>No limit</source>
        <translation>Sans limite</translation>
    </message>
    <message>
        <source>At some hours the schedule in the settings counts instead</source>
        <translation>À certaines heures, c’est l’horaire des réglages qui compte</translation>
    </message>
</context>
<context>
    <name>TransfersSection</name>
    <message>
        <source>Speed limits</source>
        <translation>Limites de débit</translation>
    </message>
    <message>
        <source>Upload</source>
        <translation>Envoi</translation>
    </message>
    <message>
        <source>Download</source>
        <translation>Réception</translation>
    </message>
    <message>
        <source>&amp;Upload</source>
        <translation>&amp;Envoi</translation>
    </message>
    <message>
        <source>&amp;Download</source>
        <translation>&amp;Réception</translation>
    </message>
    <message>
        <source>Other limits at certain times</source>
        <translation>D’autres limites à certaines heures</translation>
    </message>
    <message>
        <source>For instance slower while you work, and as fast as can be at night.</source>
        <translation>Par exemple plus lentement pendant que vous travaillez, et à plein débit la nuit.</translation>
    </message>
    <message>
        <source>&amp;Add a time</source>
        <translation>&amp;Ajouter une plage</translation>
    </message>
    <message>
        <source>Connections</source>
        <translation>Connexions</translation>
    </message>
    <message>
        <source>To one storage, at most. MegaDesk finds out how many help.</source>
        <translation>Vers un même stockage, au plus. MegaDesk cherche combien sont utiles.</translation>
    </message>
    <message>
        <source>&amp;Connections at once</source>
        <translation>&amp;Connexions simultanées</translation>
    </message>
</context>
<context>
    <name>TrashPage</name>
    <message>
        <source>Trash</source>
        <translation>Corbeille</translation>
    </message>
    <message>
        <source>Deleted</source>
        <translation>Supprimé</translation>
    </message>
    <message>
        <source>&amp;Restore</source>
        <translation>&amp;Restaurer</translation>
    </message>
    <message>
        <source>Back to where it was (Ctrl+R)</source>
        <translation>Remettre à sa place (Ctrl+R)</translation>
    </message>
    <message>
        <source>&amp;Delete for good…</source>
        <translation>&amp;Supprimer pour de bon…</translation>
    </message>
    <message>
        <source>&amp;Empty the trash…</source>
        <translation>Vi&amp;der la corbeille…</translation>
    </message>
    <message>
        <source>Nothing has this in its name</source>
        <translation>Aucun nom ne contient cela</translation>
    </message>
    <message>
        <source>What you delete comes here first, with the place where it was, and can be restored.</source>
        <translation>Ce que vous supprimez vient d’abord ici, avec sa place d’origine, et peut être restauré.</translation>
    </message>
    <message>
        <source>The trash is empty</source>
        <translation>La corbeille est vide</translation>
    </message>
    <message>
        <source>1 item deleted for good.</source>
        <translation>1 élément supprimé pour de bon.</translation>
    </message>
    <message>
        <source>{0} items deleted for good.</source>
        <translation>{0} éléments supprimés pour de bon.</translation>
    </message>
    <message>
        <source>&amp;Keep</source>
        <translation>G&amp;arder</translation>
    </message>
    <message>
        <source>Delete for &amp;good</source>
        <translation>Supprimer pour de &amp;bon</translation>
    </message>
</context>
<context>
    <name>Tray</name>
    <message>
        <source>&amp;Open MegaDesk</source>
        <translation>&amp;Ouvrir MegaDesk</translation>
    </message>
    <message>
        <source>&amp;Problems…</source>
        <translation>&amp;Problèmes…</translation>
    </message>
    <message>
        <source>&amp;Links…</source>
        <translation>&amp;Liens…</translation>
    </message>
    <message>
        <source>Pause sync for an &amp;hour</source>
        <translation>Suspendre la synchronisation une &amp;heure</translation>
    </message>
    <message>
        <source>Pause sync until &amp;tomorrow</source>
        <translation>Suspendre la synchronisation jusqu’à &amp;demain</translation>
    </message>
    <message>
        <source>&amp;Go on syncing</source>
        <translation>&amp;Continuer la synchronisation</translation>
    </message>
    <message>
        <source>Loc&amp;k now</source>
        <translation>&amp;Verrouiller maintenant</translation>
    </message>
    <message>
        <source>&amp;Settings…</source>
        <translation>Pa&amp;ramètres…</translation>
    </message>
    <message>
        <source>&amp;Quit</source>
        <translation>&amp;Quitter</translation>
    </message>
    <message>
        <source>Locked</source>
        <translation>Verrouillé</translation>
    </message>
</context>
<context>
    <name>TrayPopup</name>
    <message>
        <source>Last changed</source>
        <translation>Derniers changements</translation>
    </message>
    <message>
        <source>&amp;Open MegaDesk</source>
        <translation>&amp;Ouvrir MegaDesk</translation>
    </message>
    <message>
        <source>&amp;Problems…</source>
        <translation>&amp;Problèmes…</translation>
    </message>
    <message>
        <source>Locked</source>
        <translation>Verrouillé</translation>
    </message>
    <message>
        <source>&amp;Go on</source>
        <translation>&amp;Reprendre</translation>
    </message>
    <message>
        <source>P&amp;ause</source>
        <translation>S&amp;uspendre</translation>
    </message>
</context>
<context>
    <name>UnlockPage</name>
    <message>
        <source>&amp;Locker</source>
        <translation>&amp;Coffre</translation>
    </message>
    <message>
        <source>Passphrase</source>
        <translation>Phrase secrète</translation>
    </message>
    <message>
        <source>&amp;Passphrase</source>
        <translation>&amp;Phrase secrète</translation>
    </message>
    <message>
        <source>&amp;Unlock</source>
        <translation>&amp;Déverrouiller</translation>
    </message>
    <message>
        <source>Open &amp;without passphrase</source>
        <translation>Ouvrir &amp;sans phrase secrète</translation>
    </message>
    <message>
        <source>&amp;Forgot the passphrase?</source>
        <translation>Phrase &amp;oubliée&#x202f;?</translation>
    </message>
    <message>
        <source>&amp;Another locker</source>
        <translation>&amp;Autre coffre</translation>
    </message>
    <message>
        <source>Uploads and downloads that were interrupted continue once the locker is open.</source>
        <translation>Les transferts interrompus reprennent une fois le coffre ouvert.</translation>
    </message>
    <message>
        <source>A transfer is unfinished; it continues once the locker is open.</source>
        <translation>Un transfert est inachevé&#x202f;; il reprend une fois le coffre ouvert.</translation>
    </message>
    <message>
        <source>{0} transfers are unfinished; they continue once the locker is open.</source>
        <translation>{0} transferts sont inachevés&#x202f;; ils reprennent une fois le coffre ouvert.</translation>
    </message>
    <message>
        <source>Opening…</source>
        <translation>Ouverture…</translation>
    </message>
</context>
<context>
    <name>VersionList</name>
    <message>
        <source>Versions</source>
        <translation>Versions</translation>
    </message>
    <message>
        <source>current</source>
        <translation>actuelle</translation>
    </message>
    <message>
        <source>The content shown now</source>
        <translation>Le contenu affiché maintenant</translation>
    </message>
</context>
<context>
    <name>WindowRow</name>
    <message>
        <source>Every day</source>
        <translation>Tous les jours</translation>
    </message>
    <message>
        <source>Monday to Friday</source>
        <translation>Du lundi au vendredi</translation>
    </message>
    <message>
        <source>Saturday and Sunday</source>
        <translation>Samedi et dimanche</translation>
    </message>
    <message>
        <source>As in the file</source>
        <translation>Comme dans le fichier</translation>
    </message>
    <message>
        <source>Days</source>
        <translation>Jours</translation>
    </message>
    <message>
        <source>From</source>
        <translation>De</translation>
    </message>
    <message>
        <source>To</source>
        <translation>À</translation>
    </message>
    <message>
        <source>Upload</source>
        <translation>Envoi</translation>
    </message>
    <message>
        <source>Download</source>
        <translation>Réception</translation>
    </message>
    <message>
        <source>Remove this time</source>
        <translation>Retirer cette plage</translation>
    </message>
</context>
<context>
    <name>_Device</name>
    <message>
        <source>Remove…</source>
        <translation>Retirer…</translation>
    </message>
    <message>
        <source>Remove {0}</source>
        <translation>Retirer {0}</translation>
    </message>
</context>
<context>
    <name>_Form</name>
    <message>
        <source>&amp;Where the link lives</source>
        <translation>&amp;Où vit le lien</translation>
    </message>
    <message>
        <source>Everybody on this &amp;network who has the link</source>
        <translation>Tous ceux de ce &amp;réseau qui ont le lien</translation>
    </message>
    <message>
        <source>Only programs on &amp;this computer</source>
        <translation>Seulement les programmes de &amp;cet ordinateur</translation>
    </message>
    <message>
        <source>Who can reach this computer?</source>
        <translation>Qui peut joindre cet ordinateur&#x202f;?</translation>
    </message>
    <message>
        <source>Password</source>
        <translation>Mot de passe</translation>
    </message>
    <message>
        <source>No limit</source>
        <translation>Sans limite</translation>
    </message>
    <message>
        <source>&amp;Keep it up to date when the folder changes</source>
        <translation>&amp;Le tenir à jour quand le dossier change</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Annuler</translation>
    </message>
    <message>
        <source>&amp;Create link</source>
        <translation>&amp;Créer le lien</translation>
    </message>
    <message>
        <source>&amp;Expires</source>
        <translation>&amp;Expire</translation>
    </message>
    <message>
        <source>&amp;Downloads</source>
        <translation>&amp;Téléchargements</translation>
    </message>
    <message>
        <source>Becomes part of the key: without it nobody can open the files, not even by breaking into the host.</source>
        <translation>Il fait partie de la clé&#xa0;: sans lui, personne ne peut ouvrir les fichiers, même en forçant l’hébergeur.</translation>
    </message>
    <message>
        <source>&amp;Password, if you want one</source>
        <translation>&amp;Mot de passe, si vous en voulez un</translation>
    </message>
    <message>
        <source>&amp;Note to the receiver</source>
        <translation>&amp;Note au destinataire</translation>
    </message>
</context>
<context>
    <name>_Pair</name>
    <message>
        <source>Pause</source>
        <translation>Suspendre</translation>
    </message>
    <message>
        <source>Look now</source>
        <translation>Vérifier maintenant</translation>
    </message>
    <message>
        <source>More</source>
        <translation>Plus</translation>
    </message>
    <message>
        <source>Go on</source>
        <translation>Reprendre</translation>
    </message>
    <message>
        <source>Open the folder &amp;here</source>
        <translation>&amp;Ouvrir le dossier ici</translation>
    </message>
    <message>
        <source>Show it in the &amp;locker</source>
        <translation>Le montrer dans le &amp;coffre</translation>
    </message>
    <message>
        <source>Pause for an ho&amp;ur</source>
        <translation>Suspendre une &amp;heure</translation>
    </message>
    <message>
        <source>&amp;Stop syncing…</source>
        <translation>&amp;Arrêter la synchronisation…</translation>
    </message>
</context>
<context>
    <name>_Result</name>
    <message>
        <source>&amp;Copy link</source>
        <translation>&amp;Copier le lien</translation>
    </message>
    <message>
        <source>Copy &amp;address</source>
        <translation>Copier l’&amp;adresse</translation>
    </message>
    <message>
        <source>Copy &amp;key</source>
        <translation>C&amp;opier la clé</translation>
    </message>
    <message>
        <source>Copy &amp;HTML</source>
        <translation>Copier le &amp;HTML</translation>
    </message>
    <message>
        <source>A link for your own web page</source>
        <translation>Un lien pour votre propre page web</translation>
    </message>
    <message>
        <source>Only programs on this computer can open it. To let others in, press “Share on the network” on the page Links; the link has another address then.</source>
        <translation>Seuls les programmes de cet ordinateur peuvent l’ouvrir. Pour laisser entrer les autres, choisissez «&#xa0;Partager sur le réseau&#xa0;» sur la page Liens&#x202f;; le lien a alors une autre adresse.</translation>
    </message>
    <message>
        <source>This address is plain http. The files stay encrypted, but whoever is on the way can change the page that opens them.</source>
        <translation>Cette adresse est en http simple. Les fichiers restent chiffrés, mais qui se trouve en chemin peut modifier la page qui les ouvre.</translation>
    </message>
    <message>
        <source>The link as a QR code</source>
        <translation>Le lien en code QR</translation>
    </message>
    <message>
        <source>&amp;Done</source>
        <translation>&amp;Terminé</translation>
    </message>
    <message>
        <source>&amp;Link</source>
        <translation>&amp;Lien</translation>
    </message>
    <message>
        <source>Send the key separately</source>
        <translation>Envoyer la clé à part</translation>
    </message>
    <message>
        <source>The address alone opens nothing. Send the part behind # by another way.</source>
        <translation>L’adresse seule n’ouvre rien. Envoyez la partie après # par une autre voie.</translation>
    </message>
    <message>
        <source>The link is on the clipboard.</source>
        <translation>Le lien est dans le presse-papiers.</translation>
    </message>
    <message>
        <source>The address is on the clipboard, without its key.</source>
        <translation>L’adresse est dans le presse-papiers, sans sa clé.</translation>
    </message>
    <message>
        <source>The key is on the clipboard.</source>
        <translation>La clé est dans le presse-papiers.</translation>
    </message>
    <message>
        <source>The HTML is on the clipboard.</source>
        <translation>Le HTML est dans le presse-papiers.</translation>
    </message>
</context>
<context>
    <name>_SideCard</name>
    <message>
        <source>Folder</source>
        <translation>Dossier</translation>
    </message>
    <message>
        <source>{0} (larger)</source>
        <translation>{0} (plus grand)</translation>
    </message>
    <message>
        <source>{0} (newer)</source>
        <translation>{0} (plus récent)</translation>
    </message>
</context>
<context>
    <name>_Step</name>
    <message>
        <source>done</source>
        <translation>fait</translation>
    </message>
    <message>
        <source>current step</source>
        <translation>étape en cours</translation>
    </message>
</context>
<context>
    <name>browser</name>
    <message>
        <source>“%1” is no longer here: it was moved or deleted.</source>
        <translation>«&#xa0;%1&#xa0;» n’est plus ici&#xa0;: il a été déplacé ou supprimé.</translation>
    </message>
    <message>
        <source>The storage does not answer yet</source>
        <translation>Le stockage ne répond pas encore</translation>
    </message>
    <message>
        <source>It is asked again and again. What is known here can be seen meanwhile.</source>
        <translation>La demande est répétée. Ce qui est connu ici reste visible en attendant.</translation>
    </message>
    <message>
        <source>%1 is in the trash.</source>
        <translation>%1 est dans la corbeille.</translation>
    </message>
    <message>
        <source>%1 are in the trash.</source>
        <translation>%1 sont dans la corbeille.</translation>
    </message>
    <message>
        <source>Und&amp;o</source>
        <translation>Ann&amp;uler</translation>
    </message>
    <message>
        <source>%1 is back where it was.</source>
        <translation>%1 est revenu à sa place.</translation>
    </message>
    <message>
        <source>%1 are back where they were.</source>
        <translation>%1 sont revenus à leur place.</translation>
    </message>
    <message>
        <source>%1 has its older content again.</source>
        <translation>%1 a retrouvé son ancien contenu.</translation>
    </message>
    <message>
        <source>Undone: %1</source>
        <translation>Annulé&#xa0;: %1</translation>
    </message>
    <message>
        <source>Red&amp;o</source>
        <translation>Réta&amp;blir</translation>
    </message>
    <message>
        <source>Done again: %1</source>
        <translation>Rétabli&#xa0;: %1</translation>
    </message>
    <message>
        <source>“%1”</source>
        <translation>«&#xa0;%1&#xa0;»</translation>
    </message>
</context>
<context>
    <name>changes</name>
    <message>
        <source>New folder “%1”</source>
        <translation>Nouveau dossier «&#xa0;%1&#xa0;»</translation>
    </message>
    <message>
        <source>Rename of “%1”</source>
        <translation>Renommage de «&#xa0;%1&#xa0;»</translation>
    </message>
    <message>
        <source>Move of %1</source>
        <translation>Déplacement de %1</translation>
    </message>
    <message>
        <source>Copy of %1</source>
        <translation>Copie de %1</translation>
    </message>
    <message>
        <source>Deletion of %1</source>
        <translation>Suppression de %1</translation>
    </message>
    <message>
        <source>Restoring of %1</source>
        <translation>Restauration de %1</translation>
    </message>
    <message>
        <source>Older version of “%1”</source>
        <translation>Ancienne version de «&#xa0;%1&#xa0;»</translation>
    </message>
    <message>
        <source>Upload</source>
        <translation>Envoi</translation>
    </message>
    <message>
        <source>Upload of %1</source>
        <translation>Envoi de %1</translation>
    </message>
    <message>
        <source>The folder was there before the upload, so it is left as it is.</source>
        <translation>Le dossier existait avant l’envoi&#xa0;: il est laissé tel quel.</translation>
    </message>
    <message>
        <source>Older contents are among the versions of each file.</source>
        <translation>Les anciens contenus sont parmi les versions de chaque fichier.</translation>
    </message>
</context>
<context>
    <name>details</name>
    <message>
        <source>Contains</source>
        <translation>Contient</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>Taille</translation>
    </message>
    <message>
        <source>Modified</source>
        <translation>Modifié</translation>
    </message>
    <message>
        <source>Added</source>
        <translation>Ajouté</translation>
    </message>
    <message>
        <source>Folder</source>
        <translation>Dossier</translation>
    </message>
    <message>
        <source>an unknown device</source>
        <translation>un appareil inconnu</translation>
    </message>
    <message>
        <source>Empty: nothing but its entry in the locker&apos;s history.</source>
        <translation>Vide&#xa0;: rien d’autre que son inscription dans l’historique du coffre.</translation>
    </message>
    <message>
        <source>Encrypted in 1 object in %1</source>
        <translation>Chiffré dans 1 objet de %1</translation>
    </message>
    <message>
        <source>Encrypted in %1 objects in %2</source>
        <translation>Chiffré dans %1 objets de %2</translation>
    </message>
    <message>
        <source>%1 bytes</source>
        <translation>%1 octets</translation>
    </message>
    <message>
        <source>%1 selected</source>
        <translation>%1 sélectionnés</translation>
    </message>
</context>
<context>
    <name>devices</name>
    <message>
        <source>Joined {0}</source>
        <translation>Arrivé&#xa0;: {0}</translation>
    </message>
    <message>
        <source>removed: nothing that it writes counts any more</source>
        <translation>retiré&#xa0;: rien de ce qu’il écrit ne compte plus</translation>
    </message>
    <message>
        <source>this computer</source>
        <translation>cet ordinateur</translation>
    </message>
    <message>
        <source>has changed nothing yet</source>
        <translation>n’a encore rien modifié</translation>
    </message>
    <message>
        <source>last change {0}</source>
        <translation>dernière modification&#xa0;: {0}</translation>
    </message>
    <message>
        <source>perhaps this computer, before it was opened anew by the recovery key</source>
        <translation>peut-être cet ordinateur, avant d’être rouvert par la clé de récupération</translation>
    </message>
</context>
<context>
    <name>errors</name>
    <message>
        <source>Something went wrong</source>
        <translation>Quelque chose a échoué</translation>
    </message>
    <message>
        <source>MegaDesk met a fault of its own (%1).</source>
        <translation>MegaDesk a rencontré une erreur interne (%1).</translation>
    </message>
    <message>
        <source>Your files are not affected. Details are in the log.</source>
        <translation>Vos fichiers ne sont pas touchés. Les détails sont dans le journal.</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation>%1&#xa0;: %2</translation>
    </message>
</context>
<context>
    <name>formatting</name>
    <message>
        <source>kB</source>
        <translation>ko</translation>
    </message>
    <message>
        <source>MB</source>
        <translation>Mo</translation>
    </message>
    <message>
        <source>GB</source>
        <translation>Go</translation>
    </message>
    <message>
        <source>TB</source>
        <translation>To</translation>
    </message>
    <message>
        <source>PB</source>
        <translation>Po</translation>
    </message>
    <message>
        <source>EB</source>
        <translation>Eo</translation>
    </message>
    <message>
        <source>%1 B</source>
        <translation>%1 o</translation>
    </message>
    <message>
        <source>%1/s</source>
        <translation>%1/s</translation>
    </message>
    <message>
        <source>%1 s</source>
        <translation>%1 s</translation>
    </message>
    <message>
        <source>%1 min</source>
        <translation>%1 min</translation>
    </message>
    <message>
        <source>%1 h %2 min</source>
        <translation>%1 h %2 min</translation>
    </message>
    <message>
        <source>%1 h</source>
        <translation>%1 h</translation>
    </message>
    <message>
        <source>%1 days</source>
        <translation>%1 jours</translation>
    </message>
    <message>
        <source>%1 left</source>
        <translation>reste %1</translation>
    </message>
    <message>
        <source>Today, %1</source>
        <translation>Aujourd’hui, %1</translation>
    </message>
    <message>
        <source>today, %1</source>
        <translation>aujourd’hui, %1</translation>
    </message>
    <message>
        <source>1 file</source>
        <translation>1 fichier</translation>
    </message>
    <message>
        <source>%1 files</source>
        <translation>%1 fichiers</translation>
    </message>
    <message>
        <source>1 folder</source>
        <translation>1 dossier</translation>
    </message>
    <message>
        <source>%1 folders</source>
        <translation>%1 dossiers</translation>
    </message>
    <message>
        <source>1 item</source>
        <translation>1 élément</translation>
    </message>
    <message>
        <source>%1 items</source>
        <translation>%1 éléments</translation>
    </message>
    <message>
        <source>1 selected</source>
        <translation>1 sélectionné</translation>
    </message>
    <message>
        <source>%1 selected</source>
        <translation>%1 sélectionnés</translation>
    </message>
    <message>
        <source>%1%</source>
        <translation>%1&#xa0;%</translation>
    </message>
</context>
<context>
    <name>key-sheet</name>
    <message>
        <source>MegaDesk recovery key</source>
        <translation>Clé de récupération MegaDesk</translation>
    </message>
    <message>
        <source>Locker “{0}”, {1}</source>
        <translation>Coffre «&#xa0;{0}&#xa0;», {1}</translation>
    </message>
    <message>
        <source>It opens the locker on any computer: in MegaDesk choose “I have a recovery key”. It is needed when the passphrase is forgotten or the computer is lost. Nobody can make another one. Whoever has it has your files, so keep it where only you can find it.</source>
        <translation>Elle ouvre le coffre sur tout ordinateur&#xa0;: dans MegaDesk, choisissez «&#xa0;J’ai une clé de récupération&#xa0;». Elle est nécessaire si la phrase secrète est oubliée ou l’ordinateur perdu. Personne ne peut en refaire une. Qui la détient a vos fichiers&#xa0;: gardez-la là où vous seul la trouverez.</translation>
    </message>
</context>
<context>
    <name>keyboard</name>
    <message>
        <source>Everywhere</source>
        <translation>Partout</translation>
    </message>
    <message>
        <source>Lock everything now</source>
        <translation>Tout verrouiller maintenant</translation>
    </message>
    <message>
        <source>This map</source>
        <translation>Ces raccourcis</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>Réglages</translation>
    </message>
    <message>
        <source>Open a link that you were sent</source>
        <translation>Ouvrir un lien que vous avez reçu</translation>
    </message>
    <message>
        <source>End the program</source>
        <translation>Quitter le programme</translation>
    </message>
    <message>
        <source>To the next control, and back</source>
        <translation>À l’élément suivant, et retour</translation>
    </message>
    <message>
        <source>Press the control with that letter underlined</source>
        <translation>Presser l’élément dont cette lettre est soulignée</translation>
    </message>
    <message>
        <source>Moving about</source>
        <translation>Se déplacer</translation>
    </message>
    <message>
        <source>Open the folder or file</source>
        <translation>Ouvrir le dossier ou le fichier</translation>
    </message>
    <message>
        <source>To the folder above</source>
        <translation>Au dossier parent</translation>
    </message>
    <message>
        <source>Back</source>
        <translation>Précédent</translation>
    </message>
    <message>
        <source>Forward</source>
        <translation>Suivant</translation>
    </message>
    <message>
        <source>Type a path</source>
        <translation>Taper un chemin</translation>
    </message>
    <message>
        <source>Search</source>
        <translation>Rechercher</translation>
    </message>
    <message>
        <source>Look for changes</source>
        <translation>Chercher des changements</translation>
    </message>
    <message>
        <source>List</source>
        <translation>Liste</translation>
    </message>
    <message>
        <source>Grid</source>
        <translation>Vignettes</translation>
    </message>
    <message>
        <source>Details</source>
        <translation>Détails</translation>
    </message>
    <message>
        <source>Keep the folder in the sidebar, or not</source>
        <translation>Garder le dossier dans la barre latérale, ou non</translation>
    </message>
    <message>
        <source>Files</source>
        <translation>Fichiers</translation>
    </message>
    <message>
        <source>Upload files</source>
        <translation>Envoyer des fichiers</translation>
    </message>
    <message>
        <source>Upload a folder</source>
        <translation>Envoyer un dossier</translation>
    </message>
    <message>
        <source>Save to a folder</source>
        <translation>Enregistrer dans un dossier</translation>
    </message>
    <message>
        <source>New folder</source>
        <translation>Nouveau dossier</translation>
    </message>
    <message>
        <source>Copy a link</source>
        <translation>Copier un lien</translation>
    </message>
    <message>
        <source>Share…</source>
        <translation>Partager…</translation>
    </message>
    <message>
        <source>Rename</source>
        <translation>Renommer</translation>
    </message>
    <message>
        <source>To the trash</source>
        <translation>À la corbeille</translation>
    </message>
    <message>
        <source>Cut</source>
        <translation>Couper</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>Copier</translation>
    </message>
    <message>
        <source>Paste</source>
        <translation>Coller</translation>
    </message>
    <message>
        <source>Select all</source>
        <translation>Tout sélectionner</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>Annuler</translation>
    </message>
    <message>
        <source>Redo</source>
        <translation>Rétablir</translation>
    </message>
</context>
<context>
    <name>links</name>
    <message>
        <source>Name</source>
        <translation>Nom</translation>
    </message>
    <message>
        <source>State</source>
        <translation>État</translation>
    </message>
    <message>
        <source>Expires</source>
        <translation>Expire</translation>
    </message>
    <message>
        <source>Downloads</source>
        <translation>Téléchargements</translation>
    </message>
    <message>
        <source>Lives at</source>
        <translation>Hébergé</translation>
    </message>
    <message>
        <source>The link to “{0}” is on the clipboard.</source>
        <translation>Le lien vers «&#xa0;{0}&#xa0;» est dans le presse-papiers.</translation>
    </message>
    <message>
        <source>Options…</source>
        <translation>Options…</translation>
    </message>
    <message>
        <source>Making a link to “{0}”…</source>
        <translation>Création d’un lien vers «&#xa0;{0}&#xa0;»…</translation>
    </message>
    <message>
        <source>Works</source>
        <translation>Fonctionne</translation>
    </message>
    <message>
        <source>Not shared now</source>
        <translation>Pas partagé en ce moment</translation>
    </message>
    <message>
        <source>Expired</source>
        <translation>Expiré</translation>
    </message>
    <message>
        <source>Taken back</source>
        <translation>Révoqué</translation>
    </message>
    <message>
        <source>Its file is gone</source>
        <translation>Fichier absent</translation>
    </message>
    <message>
        <source>password</source>
        <translation>mot de passe</translation>
    </message>
    <message>
        <source>kept up to date</source>
        <translation>tenu à jour</translation>
    </message>
    <message>
        <source>The whole locker</source>
        <translation>Tout le coffre</translation>
    </message>
    <message>
        <source>(deleted)</source>
        <translation>(supprimé)</translation>
    </message>
    <message>
        <source>Never</source>
        <translation>Jamais</translation>
    </message>
    <message>
        <source>in %1</source>
        <translation>dans %1</translation>
    </message>
    <message>
        <source>%1 of %2</source>
        <translation>%1 sur %2</translation>
    </message>
    <message>
        <source>Links from this computer work while it shares them. It shares none now.</source>
        <translation>Les liens depuis cet ordinateur marchent tant qu’il les partage. Il n’en partage aucun en ce moment.</translation>
    </message>
    <message>
        <source>This computer shares links with its network: %1</source>
        <translation>Cet ordinateur partage des liens avec son réseau&#xa0;: %1</translation>
    </message>
    <message>
        <source>This computer shares links with programs on it only: %1</source>
        <translation>Cet ordinateur partage des liens avec ses seuls programmes&#xa0;: %1</translation>
    </message>
    <message>
        <source>In an hour</source>
        <translation>Dans une heure</translation>
    </message>
    <message>
        <source>In a day</source>
        <translation>Dans un jour</translation>
    </message>
    <message>
        <source>In 7 days</source>
        <translation>Dans 7 jours</translation>
    </message>
    <message>
        <source>In 30 days</source>
        <translation>Dans 30 jours</translation>
    </message>
    <message>
        <source>In a year</source>
        <translation>Dans un an</translation>
    </message>
    <message>
        <source>Other programs can only hand over links of web addresses.</source>
        <translation>Les autres programmes ne peuvent transmettre que des liens vers des adresses web.</translation>
    </message>
    <message>
        <source>Saved in %1</source>
        <translation>Enregistré dans %1</translation>
    </message>
    <message>
        <source>It is in your locker: %1</source>
        <translation>C’est dans votre coffre&#xa0;: %1</translation>
    </message>
    <message>
        <source>Opened. The copy is deleted when you lock, or end MegaDesk.</source>
        <translation>Ouvert. La copie est supprimée quand vous verrouillez ou quittez MegaDesk.</translation>
    </message>
    <message>
        <source>No program is set for “%1”. Save it instead.</source>
        <translation>Aucun programme n’est prévu pour «&#xa0;%1&#xa0;». Enregistrez-le plutôt.</translation>
    </message>
    <message>
        <source>kept up to date, as of %1</source>
        <translation>tenu à jour, état&#xa0;: %1</translation>
    </message>
    <message>
        <source>Expires: %1</source>
        <translation>Expire&#xa0;: %1</translation>
    </message>
    <message>
        <source>Downloads left after this one: %1</source>
        <translation>Téléchargements restants après celui-ci&#xa0;: %1</translation>
    </message>
</context>
<context>
    <name>messages</name>
    <message>
        <source>%1 and %2 (pair %3) lie within each other.</source>
        <translation>%1 et %2 (paire %3) sont l’un dans l’autre.</translation>
    </message>
    <message>
        <source>%1 belongs to this locker itself and was left out.</source>
        <translation>%1 fait partie de ce coffre lui-même et a été laissé de côté.</translation>
    </message>
    <message>
        <source>%1 bytes came for the object %2, %3 were announced.</source>
        <translation>Pour l’objet %2, %1 octets sont venus&#x202f;; %3 étaient annoncés.</translation>
    </message>
    <message>
        <source>%1 cannot be a locker&apos;s name: it begins or ends with a space.</source>
        <translation>%1 ne peut pas être le nom d’un coffre&#xa0;: il commence ou finit par une espace.</translation>
    </message>
    <message>
        <source>%1 cannot be a locker&apos;s name: it holds characters that cannot be seen.</source>
        <translation>%1 ne peut pas être le nom d’un coffre&#xa0;: il contient des caractères invisibles.</translation>
    </message>
    <message>
        <source>%1 cannot be a locker&apos;s name: it must not be a path.</source>
        <translation>%1 ne peut pas être le nom d’un coffre&#xa0;: ce ne doit pas être un chemin.</translation>
    </message>
    <message>
        <source>%1 cannot be handled by this server (%2).</source>
        <translation>Ce serveur ne sait que faire de %1 (%2).</translation>
    </message>
    <message>
        <source>%1 cannot be reached.</source>
        <translation>%1 est injoignable.</translation>
    </message>
    <message>
        <source>%1 cannot be read: %2.</source>
        <translation>Impossible de lire %1&#xa0;: %2.</translation>
    </message>
    <message>
        <source>%1 cannot be talked to.</source>
        <translation>Impossible de communiquer avec %1.</translation>
    </message>
    <message>
        <source>%1 cannot be written.</source>
        <translation>Impossible d’écrire %1.</translation>
    </message>
    <message>
        <source>%1 cannot be written: the file system is read-only.</source>
        <translation>Impossible d’écrire %1&#xa0;: le système de fichiers est en lecture seule.</translation>
    </message>
    <message>
        <source>%1 cannot have control characters in it.</source>
        <translation>%1 ne peut pas contenir de caractères de contrôle.</translation>
    </message>
    <message>
        <source>%1 cannot name an object in a store.</source>
        <translation>%1 ne peut pas nommer un objet dans un stockage.</translation>
    </message>
    <message>
        <source>%1 could not be changed: %2.</source>
        <translation>Impossible de modifier %1&#xa0;: %2.</translation>
    </message>
    <message>
        <source>%1 could not be written: %2.</source>
        <translation>Impossible d’écrire %1&#xa0;: %2.</translation>
    </message>
    <message>
        <source>%1 devices match “%2”.</source>
        <translation>%1 appareils correspondent à «&#xa0;%2&#xa0;».</translation>
    </message>
    <message>
        <source>%1 does not answer as a web server does.</source>
        <translation>%1 ne répond pas comme un serveur web.</translation>
    </message>
    <message>
        <source>%1 does not answer.</source>
        <translation>%1 ne répond pas.</translation>
    </message>
    <message>
        <source>%1 does not fit: there is no room left (%2).</source>
        <translation>%1 ne tient pas&#xa0;: il n’y a plus de place (%2).</translation>
    </message>
    <message>
        <source>%1 does not open: it was altered on the way or belongs to another link.</source>
        <translation>%1 ne s’ouvre pas&#xa0;: il a été modifié en chemin ou appartient à un autre lien.</translation>
    </message>
    <message>
        <source>%1 does not prove who it is: %2.</source>
        <translation>%1 ne prouve pas son identité&#xa0;: %2.</translation>
    </message>
    <message>
        <source>%1 does not speak TLS as it should.</source>
        <translation>%1 ne parle pas TLS comme il faut.</translation>
    </message>
    <message>
        <source>%1 ended early.</source>
        <translation>%1 s’interrompt trop tôt.</translation>
    </message>
    <message>
        <source>%1 has a clock that does not follow from what it has seen.</source>
        <translation>%1 a une horloge qui ne suit pas de ce qu’il a vu.</translation>
    </message>
    <message>
        <source>%1 has a size that no link has.</source>
        <translation>%1 a une taille qu’aucun lien n’a.</translation>
    </message>
    <message>
        <source>%1 has a size that no such object has.</source>
        <translation>%1 a une taille qu’aucun objet de ce genre n’a.</translation>
    </message>
    <message>
        <source>%1 has been altered: it does not open under the locker&apos;s key.</source>
        <translation>%1 a été modifié&#xa0;: il ne s’ouvre pas avec la clé du coffre.</translation>
    </message>
    <message>
        <source>%1 has been altered: it no longer lets the device %2 in.</source>
        <translation>%1 a été modifié&#xa0;: il ne laisse plus entrer l’appareil %2.</translation>
    </message>
    <message>
        <source>%1 holds %2.</source>
        <translation>%1 contient %2.</translation>
    </message>
    <message>
        <source>%1 holds another locker than the one of the pairing code.</source>
        <translation>%1 contient un autre coffre que celui du code d’association.</translation>
    </message>
    <message>
        <source>%1 holds the keys of another device.</source>
        <translation>%1 contient les clés d’un autre appareil.</translation>
    </message>
    <message>
        <source>%1 holds the locker&apos;s own data, or lies in it, and cannot be synchronised.</source>
        <translation>%1 contient les données du coffre lui-même, ou s’y trouve, et ne peut pas être synchronisé.</translation>
    </message>
    <message>
        <source>%1 hung up in the middle.</source>
        <translation>%1 a raccroché en cours de route.</translation>
    </message>
    <message>
        <source>%1 is a device that nobody of this locker has let in.</source>
        <translation>%1 est un appareil que personne de ce coffre n’a admis.</translation>
    </message>
    <message>
        <source>%1 is a device, a pipe or a socket, which a locker does not hold.</source>
        <translation>%1 est un périphérique, un tube ou une socket&#xa0;: un coffre n’en contient pas.</translation>
    </message>
    <message>
        <source>%1 is a folder in the storage.</source>
        <translation>%1 est un dossier dans le stockage.</translation>
    </message>
    <message>
        <source>%1 is another entry than the one that was applied here.</source>
        <translation>%1 est une autre entrée que celle qui a été appliquée ici.</translation>
    </message>
    <message>
        <source>%1 is damaged.</source>
        <translation>%1 est endommagé.</translation>
    </message>
    <message>
        <source>%1 is in format version %2, which this program does not know.</source>
        <translation>%1 est au format %2, que ce programme ne connaît pas.</translation>
    </message>
    <message>
        <source>%1 is in use by %2.</source>
        <translation>%1 est utilisé par %2.</translation>
    </message>
    <message>
        <source>%1 is in use just now (%2).</source>
        <translation>%1 est en cours d’utilisation (%2).</translation>
    </message>
    <message>
        <source>%1 is larger than it may be.</source>
        <translation>%1 dépasse la taille permise.</translation>
    </message>
    <message>
        <source>%1 is larger than the %2 bytes it may have.</source>
        <translation>%1 dépasse les %2 octets permis.</translation>
    </message>
    <message>
        <source>%1 is not a file.</source>
        <translation>%1 n’est pas un fichier.</translation>
    </message>
    <message>
        <source>%1 is not a folder of a store (a/b/).</source>
        <translation>%1 n’est pas un dossier d’un stockage (a/b/).</translation>
    </message>
    <message>
        <source>%1 is not a folder.</source>
        <translation>%1 n’est pas un dossier.</translation>
    </message>
    <message>
        <source>%1 is not a key file of MegaDesk.</source>
        <translation>%1 n’est pas un fichier de clés de MegaDesk.</translation>
    </message>
    <message>
        <source>%1 is not a link in this version&apos;s format.</source>
        <translation>%1 n’est pas un lien au format de cette version.</translation>
    </message>
    <message>
        <source>%1 is not a link of MegaDesk.</source>
        <translation>%1 n’est pas un lien de MegaDesk.</translation>
    </message>
    <message>
        <source>%1 is not a page of MegaDesk&apos;s links.</source>
        <translation>%1 n’est pas une page de liens de MegaDesk.</translation>
    </message>
    <message>
        <source>%1 is not known.</source>
        <translation>%1 n’est pas connu.</translation>
    </message>
    <message>
        <source>%1 is not such an object of a MegaDesk locker.</source>
        <translation>%1 n’est pas un tel objet d’un coffre MegaDesk.</translation>
    </message>
    <message>
        <source>%1 is not the part that the checkpoint names.</source>
        <translation>%1 n’est pas la partie que nomme le point de reprise.</translation>
    </message>
    <message>
        <source>%1 is not there.</source>
        <translation>%1 n’est pas là.</translation>
    </message>
    <message>
        <source>%1 is of a device that nobody of this locker has let in.</source>
        <translation>%1 vient d’un appareil que personne de ce coffre n’a admis.</translation>
    </message>
    <message>
        <source>%1 is padded wrongly.</source>
        <translation>%1 est mal complété.</translation>
    </message>
    <message>
        <source>%1 is the page of links without a link in it.</source>
        <translation>%1 est la page des liens, mais sans lien dedans.</translation>
    </message>
    <message>
        <source>%1 is too short.</source>
        <translation>%1 est trop court.</translation>
    </message>
    <message>
        <source>%1 is under a key that this device does not have.</source>
        <translation>%1 est sous une clé que cet appareil n’a pas.</translation>
    </message>
    <message>
        <source>%1 kept changing while it was being read.</source>
        <translation>%1 n’a cessé de changer pendant sa lecture.</translation>
    </message>
    <message>
        <source>%1 links match “%2”.</source>
        <translation>%1 liens correspondent à «&#xa0;%2&#xa0;».</translation>
    </message>
    <message>
        <source>%1 lists the other devices wrongly.</source>
        <translation>%1 énumère mal les autres appareils.</translation>
    </message>
    <message>
        <source>%1 more objects are not whole in every store.</source>
        <translation>%1 autres objets ne sont pas entiers dans tous les stockages.</translation>
    </message>
    <message>
        <source>%1 names no enroller.</source>
        <translation>%1 ne dit pas qui l’a inscrit.</translation>
    </message>
    <message>
        <source>%1 refuses connections.</source>
        <translation>%1 refuse les connexions.</translation>
    </message>
    <message>
        <source>%1 took too long.</source>
        <translation>%1 a mis trop longtemps.</translation>
    </message>
    <message>
        <source>%1 was cut short.</source>
        <translation>%1 a été tronqué.</translation>
    </message>
    <message>
        <source>%1, which the other computer knows, is gone from the storage.</source>
        <translation>%1, que l’autre ordinateur connaît, a disparu du stockage.</translation>
    </message>
    <message>
        <source>%1 Leave the number of downloads out.</source>
        <translation>%1 N’indiquez pas de nombre de téléchargements.</translation>
    </message>
    <message>
        <source>%1 (damaged)</source>
        <translation>%1 (endommagé)</translation>
    </message>
    <message>
        <source>%1 (in the trash)</source>
        <translation>%1 (dans la corbeille)</translation>
    </message>
    <message>
        <source>%1 A new device reads the logs instead.</source>
        <translation>%1 Un nouvel appareil lit les journaux à la place.</translation>
    </message>
    <message>
        <source>%1 is missing.</source>
        <translation>%1 manque.</translation>
    </message>
    <message>
        <source>A checkpoint stands for another history.</source>
        <translation>Un point de reprise correspond à une autre histoire.</translation>
    </message>
    <message>
        <source>A device&apos;s public key is not a key.</source>
        <translation>La clé publique d’un appareil n’est pas une clé.</translation>
    </message>
    <message>
        <source>A file address must be file:/// and an absolute path on this computer.</source>
        <translation>Une adresse de fichier est file:/// suivi d’un chemin absolu sur cet ordinateur.</translation>
    </message>
    <message>
        <source>A file here cannot be used</source>
        <translation>Un fichier d’ici est inutilisable</translation>
    </message>
    <message>
        <source>A file kept changing</source>
        <translation>Un fichier n’a cessé de changer</translation>
    </message>
    <message>
        <source>A file kept changing while it was encrypted anew.</source>
        <translation>Un fichier n’a cessé de changer pendant qu’il était chiffré de nouveau.</translation>
    </message>
    <message>
        <source>A folder is in the place of the object %1.</source>
        <translation>Un dossier est à la place de l’objet %1.</translation>
    </message>
    <message>
        <source>A key file for %1 cannot be used (%2).</source>
        <translation>Un fichier de clé pour %1 est inutilisable (%2).</translation>
    </message>
    <message>
        <source>A key in the storage is not sealed to this device.</source>
        <translation>Une clé dans le stockage n’est pas scellée pour cet appareil.</translation>
    </message>
    <message>
        <source>A link can only be read.</source>
        <translation>Un lien ne peut être que lu.</translation>
    </message>
    <message>
        <source>A link has packs only.</source>
        <translation>Un lien n’a que des paquets.</translation>
    </message>
    <message>
        <source>A link in a file cannot be kept up to date.</source>
        <translation>Un lien dans un fichier ne peut pas être tenu à jour.</translation>
    </message>
    <message>
        <source>A link in this storage lasts for %1 days at most.</source>
        <translation>Dans ce stockage, un lien dure au plus %1 jours.</translation>
    </message>
    <message>
        <source>A link&apos;s packs are read in pieces.</source>
        <translation>Les paquets d’un lien se lisent par morceaux.</translation>
    </message>
    <message>
        <source>A locker&apos;s id has 64 hex digits.</source>
        <translation>L’identifiant d’un coffre a 64 chiffres hexadécimaux.</translation>
    </message>
    <message>
        <source>A locker&apos;s name may have %1 characters, this one has %2.</source>
        <translation>Le nom d’un coffre peut avoir %1 caractères&#x202f;; celui-ci en a %2.</translation>
    </message>
    <message>
        <source>A locker&apos;s name must not be empty.</source>
        <translation>Le nom d’un coffre ne peut pas être vide.</translation>
    </message>
    <message>
        <source>A name cannot be empty.</source>
        <translation>Un nom ne peut pas être vide.</translation>
    </message>
    <message>
        <source>A password</source>
        <translation>Un mot de passe</translation>
    </message>
    <message>
        <source>A recovery key has %1 characters; this is much longer.</source>
        <translation>Une clé de récupération a %1 caractères&#x202f;; ceci est bien plus long.</translation>
    </message>
    <message>
        <source>A recovery key has %1 groups of %2 characters, %3 in all; this one has %4.</source>
        <translation>Une clé de récupération a %1 groupes de %2 caractères, %3 en tout&#x202f;; celle-ci en a %4.</translation>
    </message>
    <message>
        <source>A rule of what to leave out cannot be understood: %1</source>
        <translation>Une règle d’exclusion est incompréhensible&#xa0;: %1</translation>
    </message>
    <message>
        <source>A share is damaged.</source>
        <translation>Une part est endommagée.</translation>
    </message>
    <message>
        <source>A signature in the storage does not hold.</source>
        <translation>Une signature dans le stockage n’est pas valable.</translation>
    </message>
    <message>
        <source>A signed address of an S3 bucket lasts for seven days at most.</source>
        <translation>Une adresse signée d’un bucket S3 vaut sept jours au plus.</translation>
    </message>
    <message>
        <source>A slice in %1 is not what its version says.</source>
        <translation>Un morceau dans %1 n’est pas ce que dit sa version.</translation>
    </message>
    <message>
        <source>A speed limit must be above zero.</source>
        <translation>Une limite de vitesse doit être supérieure à zéro.</translation>
    </message>
    <message>
        <source>A spread has 1 to %1 stores, of which k are enough to read.</source>
        <translation>Une répartition a de 1 à %1 stockages, dont k suffisent pour lire.</translation>
    </message>
    <message>
        <source>A spread has 2 to %1 different stores.</source>
        <translation>Une répartition a de 2 à %1 stockages différents.</translation>
    </message>
    <message>
        <source>A storage address must not hold a password.</source>
        <translation>Une adresse de stockage ne doit pas contenir de mot de passe.</translation>
    </message>
    <message>
        <source>A store has the share of another one of %1.</source>
        <translation>Un stockage a la part d’un autre pour %1.</translation>
    </message>
    <message>
        <source>A store of a spread is any storage but another spread.</source>
        <translation>Un stockage d’une répartition peut être de tout genre, sauf une autre répartition.</translation>
    </message>
    <message>
        <source>A token</source>
        <translation>Un jeton</translation>
    </message>
    <message>
        <source>A token cannot have spaces or accented letters in it.</source>
        <translation>Un jeton ne contient ni espaces ni lettres accentuées.</translation>
    </message>
    <message>
        <source>A user name</source>
        <translation>Un nom d’utilisateur</translation>
    </message>
    <message>
        <source>A user name cannot have a colon in it.</source>
        <translation>Un nom d’utilisateur ne contient pas de deux-points.</translation>
    </message>
    <message>
        <source>Add the line yourself, or log in to the server once with ssh.</source>
        <translation>Ajoutez la ligne vous-même, ou connectez-vous une fois au serveur avec ssh.</translation>
    </message>
    <message>
        <source>Address already in use</source>
        <translation>Adresse déjà utilisée</translation>
    </message>
    <message>
        <source>Allow MOVE in the server&apos;s settings (nginx: dav_methods PUT DELETE MKCOL COPY MOVE).</source>
        <translation>Autorisez MOVE dans les réglages du serveur (nginx&#xa0;: dav_methods PUT DELETE MKCOL COPY MOVE).</translation>
    </message>
    <message>
        <source>An S3 address holds no access keys.</source>
        <translation>Une adresse S3 ne contient pas de clés d’accès.</translation>
    </message>
    <message>
        <source>An SFTP address has no place for a password: it would be kept in the clear.</source>
        <translation>Une adresse SFTP n’a pas de place pour un mot de passe&#xa0;: il serait gardé en clair.</translation>
    </message>
    <message>
        <source>An object in the storage is damaged, was altered, or belongs elsewhere.</source>
        <translation>Un objet du stockage est endommagé, a été modifié ou n’est pas à sa place.</translation>
    </message>
    <message>
        <source>An object is damaged</source>
        <translation>Un objet est endommagé</translation>
    </message>
    <message>
        <source>An object is missing from the storage</source>
        <translation>Un objet manque dans le stockage</translation>
    </message>
    <message>
        <source>An object is not in MegaDesk&apos;s format</source>
        <translation>Un objet n’est pas au format de MegaDesk</translation>
    </message>
    <message>
        <source>An offset or length is negative.</source>
        <translation>Un décalage ou une longueur est négatif.</translation>
    </message>
    <message>
        <source>An unexpected error: %1. The log has the details.</source>
        <translation>Erreur inattendue&#xa0;: %1. Les détails sont dans le journal.</translation>
    </message>
    <message>
        <source>Another MegaDesk is writing to this locker&apos;s index for too long.</source>
        <translation>Un autre MegaDesk écrit depuis trop longtemps dans l’index de ce coffre.</translation>
    </message>
    <message>
        <source>Another copy of this device writes to the locker: its data folder was copied or restored.</source>
        <translation>Une autre copie de cet appareil écrit dans le coffre&#xa0;: son dossier de données a été copié ou restauré.</translation>
    </message>
    <message>
        <source>Another device cleaned up meanwhile.</source>
        <translation>Un autre appareil a fait le ménage entre-temps.</translation>
    </message>
    <message>
        <source>Another folder is in the place of the storage %1.</source>
        <translation>Un autre dossier est à la place du stockage %1.</translation>
    </message>
    <message>
        <source>Another folder is in the place of the storage on the server.</source>
        <translation>Un autre dossier est à la place du stockage sur le serveur.</translation>
    </message>
    <message>
        <source>Anyone can read the storage, encrypted as it is. Expiry happens when MegaDesk runs and deletes the link&apos;s page. Downloads are not counted. Whoever has opened the link before can still fetch the contents after it was taken back, unless they are encrypted anew.</source>
        <translation>N’importe qui peut lire le stockage, chiffré comme il est. L’expiration a lieu quand MegaDesk fonctionne et supprime la page du lien. Les téléchargements ne sont pas comptés. Qui a ouvert le lien avant peut encore télécharger le contenu après son retrait, sauf s’il est chiffré de nouveau.</translation>
    </message>
    <message>
        <source>Ask the provider.</source>
        <translation>Demandez au fournisseur.</translation>
    </message>
    <message>
        <source>Ask who runs it to turn on the sftp subsystem.</source>
        <translation>Demandez à son responsable d’activer le sous-système sftp.</translation>
    </message>
    <message>
        <source>Ask who runs the server. Nothing was sent to it.</source>
        <translation>Demandez au responsable du serveur. Rien ne lui a été envoyé.</translation>
    </message>
    <message>
        <source>Ask whoever sent it for a new one.</source>
        <translation>Demandez-en un nouveau à qui l’a envoyé.</translation>
    </message>
    <message>
        <source>Ask whoever sent it.</source>
        <translation>Demandez à qui l’a envoyé.</translation>
    </message>
    <message>
        <source>At least one request at a time must be allowed.</source>
        <translation>Il faut permettre au moins une requête à la fois.</translation>
    </message>
    <message>
        <source>Bring MegaDesk up to date, here or there.</source>
        <translation>Mettez MegaDesk à jour, ici ou là-bas.</translation>
    </message>
    <message>
        <source>Broken pipe</source>
        <translation>Tube rompu</translation>
    </message>
    <message>
        <source>Cancelled</source>
        <translation>Abandonné</translation>
    </message>
    <message>
        <source>Cannot allocate memory</source>
        <translation>Mémoire insuffisante</translation>
    </message>
    <message>
        <source>Check address and network.</source>
        <translation>Vérifiez l’adresse et le réseau.</translation>
    </message>
    <message>
        <source>Check endpoint, region and style in the address.</source>
        <translation>Vérifiez le point d’accès, la région et le style dans l’adresse.</translation>
    </message>
    <message>
        <source>Check its permissions.</source>
        <translation>Vérifiez ses droits d’accès.</translation>
    </message>
    <message>
        <source>Check its permissions. Until then it is left as it is.</source>
        <translation>Vérifiez ses droits d’accès. D’ici là, rien n’y est touché.</translation>
    </message>
    <message>
        <source>Check room, quota and rights there.</source>
        <translation>Vérifiez-y la place, le quota et les droits.</translation>
    </message>
    <message>
        <source>Check that the drive or network folder is connected.</source>
        <translation>Vérifiez que le disque ou le dossier réseau est connecté.</translation>
    </message>
    <message>
        <source>Check that the folder exists and that you may use it.</source>
        <translation>Vérifiez que le dossier existe et que vous pouvez l’utiliser.</translation>
    </message>
    <message>
        <source>Check that the server&apos;s disk is mounted, or open the locker again.</source>
        <translation>Vérifiez que le disque du serveur est monté, ou rouvrez le coffre.</translation>
    </message>
    <message>
        <source>Check the access key and the secret key.</source>
        <translation>Vérifiez la clé d’accès et la clé secrète.</translation>
    </message>
    <message>
        <source>Check the address and its port.</source>
        <translation>Vérifiez l’adresse et son port.</translation>
    </message>
    <message>
        <source>Check the address, and the network.</source>
        <translation>Vérifiez l’adresse et le réseau.</translation>
    </message>
    <message>
        <source>Check the address, and whether the server has its disks.</source>
        <translation>Vérifiez l’adresse, et que le serveur a ses disques.</translation>
    </message>
    <message>
        <source>Check the address, or make a locker there first.</source>
        <translation>Vérifiez l’adresse, ou créez-y d’abord un coffre.</translation>
    </message>
    <message>
        <source>Check the address, or make a locker with “megadesk init”.</source>
        <translation>Vérifiez l’adresse, ou créez un coffre.</translation>
    </message>
    <message>
        <source>Check the address, the network, and that SSH is on there.</source>
        <translation>Vérifiez l’adresse, le réseau, et que SSH y est actif.</translation>
    </message>
    <message>
        <source>Check the address. For Nextcloud: davs://HOST/remote.php/dav/files/USER/FOLDER.</source>
        <translation>Vérifiez l’adresse. Pour Nextcloud&#xa0;: davs://HÔTE/remote.php/dav/files/UTILISATEUR/DOSSIER.</translation>
    </message>
    <message>
        <source>Check the address. For a certificate of your own, add its authority to the system&apos;s.</source>
        <translation>Vérifiez l’adresse. Pour un certificat à vous, ajoutez son autorité à celles du système.</translation>
    </message>
    <message>
        <source>Check the address: it must have the same stores and the same k as when the locker was made.</source>
        <translation>Vérifiez l’adresse&#xa0;: elle doit avoir les mêmes stockages et le même k qu’à la création du coffre.</translation>
    </message>
    <message>
        <source>Check the bucket&apos;s name, the endpoint and the region, or create the bucket.</source>
        <translation>Vérifiez le nom du bucket, le point d’accès et la région, ou créez le bucket.</translation>
    </message>
    <message>
        <source>Check the endpoint, and the network.</source>
        <translation>Vérifiez le point d’accès et le réseau.</translation>
    </message>
    <message>
        <source>Check the endpoint.</source>
        <translation>Vérifiez le point d’accès.</translation>
    </message>
    <message>
        <source>Check the endpoint. If the server has a certificate of your own, name its file with ca= in the address.</source>
        <translation>Vérifiez le point d’accès. Si le serveur a un certificat à vous, donnez son fichier par ca= dans l’adresse.</translation>
    </message>
    <message>
        <source>Check the file&apos;s permissions.</source>
        <translation>Vérifiez les droits d’accès au fichier.</translation>
    </message>
    <message>
        <source>Check the folder&apos;s rights.</source>
        <translation>Vérifiez les droits du dossier.</translation>
    </message>
    <message>
        <source>Check the link</source>
        <translation>Vérifiez le lien</translation>
    </message>
    <message>
        <source>Check the name, or whether its drive is connected.</source>
        <translation>Vérifiez le nom, ou que son disque est connecté.</translation>
    </message>
    <message>
        <source>Check the network; it is connected again at the next try.</source>
        <translation>Vérifiez le réseau&#x202f;; la connexion est rétablie à la prochaine tentative.</translation>
    </message>
    <message>
        <source>Check the path</source>
        <translation>Vérifiez le chemin</translation>
    </message>
    <message>
        <source>Check the path in the address, and that the server&apos;s disk is mounted.</source>
        <translation>Vérifiez le chemin dans l’adresse, et que le disque du serveur est monté.</translation>
    </message>
    <message>
        <source>Check the port, and whether the server speaks https at all.</source>
        <translation>Vérifiez le port, et si le serveur parle bien https.</translation>
    </message>
    <message>
        <source>Check the recovery key</source>
        <translation>Vérifiez la clé de récupération</translation>
    </message>
    <message>
        <source>Check the storage address</source>
        <translation>Vérifiez l’adresse du stockage</translation>
    </message>
    <message>
        <source>Check the user name, load the key into the SSH agent, or give the password or the key file.</source>
        <translation>Vérifiez le nom d’utilisateur, chargez la clé dans l’agent SSH, ou donnez le mot de passe ou le fichier de clé.</translation>
    </message>
    <message>
        <source>Checking the passphrase needs %1 MiB of free memory.</source>
        <translation>Vérifier la phrase secrète demande %1 Mio de mémoire libre.</translation>
    </message>
    <message>
        <source>Choose a shorter name.</source>
        <translation>Choisissez un nom plus court.</translation>
    </message>
    <message>
        <source>Choose another folder there.</source>
        <translation>Choisissez-y un autre dossier.</translation>
    </message>
    <message>
        <source>Choose another folder.</source>
        <translation>Choisissez un autre dossier.</translation>
    </message>
    <message>
        <source>Choose another name with --name, or move %1 away.</source>
        <translation>Choisissez un autre nom avec --name, ou déplacez %1.</translation>
    </message>
    <message>
        <source>Choose another name with --name.</source>
        <translation>Choisissez un autre nom avec --name.</translation>
    </message>
    <message>
        <source>Choose another name, or move it away first.</source>
        <translation>Choisissez un autre nom, ou déplacez-le d’abord.</translation>
    </message>
    <message>
        <source>Choose another name.</source>
        <translation>Choisissez un autre nom.</translation>
    </message>
    <message>
        <source>Close other programs and try again.</source>
        <translation>Fermez d’autres programmes et réessayez.</translation>
    </message>
    <message>
        <source>Close the program that has it open.</source>
        <translation>Fermez le programme qui l’a ouvert.</translation>
    </message>
    <message>
        <source>Compare that with what the server&apos;s owner says. If it is the same, log in once with ssh, or add this line to ~/.ssh/known_hosts: %1</source>
        <translation>Comparez avec ce que dit le responsable du serveur. Si c’est la même, connectez-vous une fois avec ssh, ou ajoutez cette ligne à ~/.ssh/known_hosts&#xa0;: %1</translation>
    </message>
    <message>
        <source>Compare with what you wrote down and correct it.</source>
        <translation>Comparez avec ce que vous avez noté et corrigez.</translation>
    </message>
    <message>
        <source>Connect its drive, or remove the pair.</source>
        <translation>Branchez son disque, ou retirez la paire.</translation>
    </message>
    <message>
        <source>Connect the disk that belongs there.</source>
        <translation>Branchez le disque qui va là.</translation>
    </message>
    <message>
        <source>Connect the drive or network folder that it is on.</source>
        <translation>Connectez le disque ou le dossier réseau où il se trouve.</translation>
    </message>
    <message>
        <source>Connect the drive that it is on, or put back what is missing.</source>
        <translation>Connectez le disque où il se trouve, ou remettez ce qui manque.</translation>
    </message>
    <message>
        <source>Connect the drive that the locker is on, or open the locker again.</source>
        <translation>Connectez le disque où est le coffre, ou rouvrez le coffre.</translation>
    </message>
    <message>
        <source>Connect the right drive. If this is the folder, say so: it is then compared with the locker.</source>
        <translation>Branchez le bon disque. Si c’est bien ce dossier, dites-le&#xa0;: il est alors comparé au coffre.</translation>
    </message>
    <message>
        <source>Connection refused</source>
        <translation>Connexion refusée</translation>
    </message>
    <message>
        <source>Connection reset by peer</source>
        <translation>Connexion réinitialisée par l’autre côté</translation>
    </message>
    <message>
        <source>Connection timed out</source>
        <translation>La connexion n’a pas répondu à temps</translation>
    </message>
    <message>
        <source>Copy all of it.</source>
        <translation>Copiez-le en entier.</translation>
    </message>
    <message>
        <source>Copy it anew.</source>
        <translation>Copiez-le à nouveau.</translation>
    </message>
    <message>
        <source>Copy the whole link and try again.</source>
        <translation>Copiez le lien entier et réessayez.</translation>
    </message>
    <message>
        <source>Copy them once more.</source>
        <translation>Copiez-les encore une fois.</translation>
    </message>
    <message>
        <source>Copy this one there first: megadesk locker copy</source>
        <translation>Copiez-y d’abord celui-ci&#xa0;: megadesk locker copy</translation>
    </message>
    <message>
        <source>Correct ~/.ssh/config.</source>
        <translation>Corrigez ~/.ssh/config.</translation>
    </message>
    <message>
        <source>Delete that file and enter them again.</source>
        <translation>Supprimez ce fichier et saisissez-les à nouveau.</translation>
    </message>
    <message>
        <source>Device or resource busy</source>
        <translation>Périphérique ou ressource occupé</translation>
    </message>
    <message>
        <source>Directory not empty</source>
        <translation>Dossier non vide</translation>
    </message>
    <message>
        <source>Disk quota exceeded</source>
        <translation>Quota de disque dépassé</translation>
    </message>
    <message>
        <source>Do it from another device of the locker.</source>
        <translation>Faites-le depuis un autre appareil du coffre.</translation>
    </message>
    <message>
        <source>Do it once more.</source>
        <translation>Refaites-le.</translation>
    </message>
    <message>
        <source>Do not use it: files would be damaged.</source>
        <translation>Ne l’utilisez pas&#xa0;: des fichiers seraient endommagés.</translation>
    </message>
    <message>
        <source>Enter it anew; “megadesk serve token add” makes one there.</source>
        <translation>Saisissez-le à nouveau&#x202f;; «&#xa0;megadesk serve token add&#xa0;» en crée un là-bas.</translation>
    </message>
    <message>
        <source>Enter them anew. Nextcloud and ownCloud want an app password where a second factor is on.</source>
        <translation>Saisissez-les à nouveau. Nextcloud et ownCloud veulent un mot de passe d’application quand un second facteur est actif.</translation>
    </message>
    <message>
        <source>Fetch new credentials.</source>
        <translation>Procurez-vous de nouveaux identifiants.</translation>
    </message>
    <message>
        <source>File exists</source>
        <translation>Le fichier existe</translation>
    </message>
    <message>
        <source>File name too long</source>
        <translation>Nom de fichier trop long</translation>
    </message>
    <message>
        <source>File too large</source>
        <translation>Fichier trop grand</translation>
    </message>
    <message>
        <source>Free or buy space there.</source>
        <translation>Libérez ou achetez-y de la place.</translation>
    </message>
    <message>
        <source>Free room or raise the quota.</source>
        <translation>Libérez de la place ou augmentez le quota.</translation>
    </message>
    <message>
        <source>Free some space.</source>
        <translation>Libérez de la place.</translation>
    </message>
    <message>
        <source>Free some space; the download then goes on where it stopped.</source>
        <translation>Libérez de la place&#x202f;; la réception reprend alors où elle s’est arrêtée.</translation>
    </message>
    <message>
        <source>Give a PEM file with ca= in the address, AWS_CA_BUNDLE or ca_bundle.</source>
        <translation>Donnez un fichier PEM par ca= dans l’adresse, AWS_CA_BUNDLE ou ca_bundle.</translation>
    </message>
    <message>
        <source>Give a folder: its path, or file:///path.</source>
        <translation>Donnez un dossier&#xa0;: son chemin, ou file:///chemin.</translation>
    </message>
    <message>
        <source>Give it in UTF-8.</source>
        <translation>Donnez-le en UTF-8.</translation>
    </message>
    <message>
        <source>Give its URL.</source>
        <translation>Donnez son URL.</translation>
    </message>
    <message>
        <source>Give its new address; for https that begins with davs://.</source>
        <translation>Donnez sa nouvelle adresse&#x202f;; en https elle commence par davs://.</translation>
    </message>
    <message>
        <source>Give its passphrase, or load it into the SSH agent with ssh-add.</source>
        <translation>Donnez sa phrase secrète, ou chargez-la dans l’agent SSH avec ssh-add.</translation>
    </message>
    <message>
        <source>Group %1 of the recovery key has a character that no key has.</source>
        <translation>Le groupe %1 de la clé de récupération a un caractère qu’aucune clé n’a.</translation>
    </message>
    <message>
        <source>Group %1 of the recovery key is mistyped.</source>
        <translation>Le groupe %1 de la clé de récupération est mal tapé.</translation>
    </message>
    <message>
        <source>Groups %1 and %2 of the recovery key are mistyped.</source>
        <translation>Les groupes %1 et %2 de la clé de récupération sont mal tapés.</translation>
    </message>
    <message>
        <source>HTML file</source>
        <translation>Fichier HTML</translation>
    </message>
    <message>
        <source>Have the object restored, and turn archiving off.</source>
        <translation>Faites restaurer l’objet, et désactivez l’archivage.</translation>
    </message>
    <message>
        <source>Host is down</source>
        <translation>L’hôte est arrêté</translation>
    </message>
    <message>
        <source>If it is lost for good, “megadesk check --repair” fills it anew.</source>
        <translation>S’il est perdu pour de bon, «&#xa0;megadesk check --repair&#xa0;» le remplit à nouveau.</translation>
    </message>
    <message>
        <source>If it is not any more, delete the file %1 in it and try again.</source>
        <translation>Si ce n’est plus le cas, supprimez-y le fichier %1 et réessayez.</translation>
    </message>
    <message>
        <source>If that is right, let it pass. If not, have them brought back.</source>
        <translation>Si c’est voulu, laissez passer. Sinon, faites-les revenir.</translation>
    </message>
    <message>
        <source>In a file address, ? and # must be written %3F and %23.</source>
        <translation>Dans une adresse de fichier, ? et # s’écrivent %3F et %23.</translation>
    </message>
    <message>
        <source>In a storage address, ? and # must be written %3F and %23.</source>
        <translation>Dans une adresse de stockage, ? et # s’écrivent %3F et %23.</translation>
    </message>
    <message>
        <source>In an SFTP address, ? and # must be written %3F and %23.</source>
        <translation>Dans une adresse SFTP, ? et # s’écrivent %3F et %23.</translation>
    </message>
    <message>
        <source>In the address of a spread, k is how many stores are enough: at least 1, and fewer than all.</source>
        <translation>Dans l’adresse d’une répartition, k est le nombre de stockages qui suffisent&#xa0;: au moins 1, et moins que tous.</translation>
    </message>
    <message>
        <source>Input/output error</source>
        <translation>Erreur d’entrée/sortie</translation>
    </message>
    <message>
        <source>Invalid cross-device link</source>
        <translation>Lien entre périphériques impossible</translation>
    </message>
    <message>
        <source>Is a directory</source>
        <translation>Est un dossier</translation>
    </message>
    <message>
        <source>Is the address right, and can this computer reach it?</source>
        <translation>L’adresse est-elle juste, et cet ordinateur peut-il l’atteindre&#x202f;?</translation>
    </message>
    <message>
        <source>Is the endpoint http:// instead of https://?</source>
        <translation>Le point d’accès est-il en http:// au lieu de https://&#x202f;?</translation>
    </message>
    <message>
        <source>Is the server running, and is the port right?</source>
        <translation>Le serveur est-il en marche, et le port est-il le bon&#x202f;?</translation>
    </message>
    <message>
        <source>Is the server running?</source>
        <translation>Le serveur fonctionne-t-il&#x202f;?</translation>
    </message>
    <message>
        <source>Is there a network?</source>
        <translation>Y a-t-il du réseau&#x202f;?</translation>
    </message>
    <message>
        <source>It can be rebuilt from the store; nothing in the locker is lost.</source>
        <translation>Il peut être reconstruit depuis le stockage&#x202f;; rien n’est perdu dans le coffre.</translation>
    </message>
    <message>
        <source>It can be written again once a refresh finds the storage whole.</source>
        <translation>On pourra y écrire à nouveau quand une actualisation trouvera le stockage entier.</translation>
    </message>
    <message>
        <source>It cannot be read in %1</source>
        <translation>Il est illisible dans %1</translation>
    </message>
    <message>
        <source>It could not be changed here: %1.</source>
        <translation>Impossible de le modifier ici&#xa0;: %1.</translation>
    </message>
    <message>
        <source>It is a folder</source>
        <translation>C’est un dossier</translation>
    </message>
    <message>
        <source>It is a symbolic link to something outside of what is shared, so it was left out.</source>
        <translation>C’est un lien symbolique vers quelque chose hors du partage&#x202f;; il a été laissé de côté.</translation>
    </message>
    <message>
        <source>It is being written to, or is open in a program.</source>
        <translation>Le fichier est en cours d’écriture, ou ouvert dans un programme.</translation>
    </message>
    <message>
        <source>It is being written to.</source>
        <translation>Le fichier est en cours d’écriture.</translation>
    </message>
    <message>
        <source>It is damaged in %1</source>
        <translation>Il est endommagé dans %1</translation>
    </message>
    <message>
        <source>It is in use here.</source>
        <translation>Le fichier est utilisé ici.</translation>
    </message>
    <message>
        <source>It is not a file</source>
        <translation>Ce n’est pas un fichier</translation>
    </message>
    <message>
        <source>It is taken along once it is left alone.</source>
        <translation>Il suivra dès que plus rien n’y écrira.</translation>
    </message>
    <message>
        <source>It may have been altered: restore it, or join the locker again with its recovery key.</source>
        <translation>Il a peut-être été modifié&#xa0;: restaurez-le, ou rejoignez à nouveau le coffre avec sa clé de récupération.</translation>
    </message>
    <message>
        <source>It stopped listing in the middle.</source>
        <translation>L’énumération s’est arrêtée en cours de route.</translation>
    </message>
    <message>
        <source>It was changed here and elsewhere. Both were kept.</source>
        <translation>Le fichier a été modifié ici et ailleurs. Les deux ont été gardés.</translation>
    </message>
    <message>
        <source>It will be taken along next time; close the program that writes to it.</source>
        <translation>Il sera pris la prochaine fois&#x202f;; fermez le programme qui y écrit.</translation>
    </message>
    <message>
        <source>Its place does not give this link out: it was taken back, or its time is over.</source>
        <translation>Son emplacement ne donne pas ce lien&#xa0;: il a été révoqué, ou son temps est passé.</translation>
    </message>
    <message>
        <source>Its share is missing in %1</source>
        <translation>Sa part manque dans %1</translation>
    </message>
    <message>
        <source>Its storage is unharmed: move that folder away and join the locker with its recovery key.</source>
        <translation>Son stockage est intact&#xa0;: déplacez ce dossier et rejoignez le coffre avec sa clé de récupération.</translation>
    </message>
    <message>
        <source>Keys are made of digits and letters without I, L, O and U.</source>
        <translation>Les clés sont faites de chiffres et de lettres sans I, L, O ni U.</translation>
    </message>
    <message>
        <source>Known here: %1.</source>
        <translation>Connus ici&#xa0;: %1.</translation>
    </message>
    <message>
        <source>Leave it out; use a key or the SSH agent, or give the password when asked for it.</source>
        <translation>Omettez-le&#x202f;; utilisez une clé ou l’agent SSH, ou donnez le mot de passe quand il est demandé.</translation>
    </message>
    <message>
        <source>Leave it out; you will be asked, and it is kept in the secret store.</source>
        <translation>Omettez-le&#x202f;; il vous sera demandé, et gardé sous clé.</translation>
    </message>
    <message>
        <source>Leave out “/”.</source>
        <translation>Omettez «&#xa0;/&#xa0;».</translation>
    </message>
    <message>
        <source>Leave them out of the address; they are asked for and kept separately.</source>
        <translation>Omettez-les de l’adresse&#x202f;; ils sont demandés et gardés à part.</translation>
    </message>
    <message>
        <source>Leave them out; put them into AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or a profile of ~/.aws/credentials.</source>
        <translation>Laissez-les de côté&#x202f;; mettez-les dans AWS_ACCESS_KEY_ID et AWS_SECRET_ACCESS_KEY, ou dans un profil de ~/.aws/credentials.</translation>
    </message>
    <message>
        <source>Left out</source>
        <translation>Laissé de côté</translation>
    </message>
    <message>
        <source>Let its server accept 17 MiB (nginx: client_max_body_size; PHP: upload_max_filesize).</source>
        <translation>Que son serveur accepte 17 Mio (nginx&#xa0;: client_max_body_size&#x202f;; PHP&#xa0;: upload_max_filesize).</translation>
    </message>
    <message>
        <source>Links for MegaDesk itself work; install a complete copy for those that browsers open.</source>
        <translation>Les liens pour MegaDesk lui-même fonctionnent&#x202f;; installez une copie complète pour ceux qu’ouvrent les navigateurs.</translation>
    </message>
    <message>
        <source>Make it first, or use -p.</source>
        <translation>Créez-le d’abord, ou utilisez -p.</translation>
    </message>
    <message>
        <source>Make links of the folders inside it instead.</source>
        <translation>Faites plutôt des liens des dossiers qu’il contient.</translation>
    </message>
    <message>
        <source>Make one with: megadesk init</source>
        <translation>Créez-en un avec&#xa0;: megadesk init</translation>
    </message>
    <message>
        <source>Make one with: megadesk init; or open one from its storage with: megadesk join</source>
        <translation>Créez-en un avec&#xa0;: megadesk init&#x202f;; ou ouvrez-en un depuis son stockage avec&#xa0;: megadesk join</translation>
    </message>
    <message>
        <source>Make room on this disk.</source>
        <translation>Faites de la place sur ce disque.</translation>
    </message>
    <message>
        <source>Make room there, or name another folder in TMPDIR.</source>
        <translation>Faites-y de la place, ou indiquez un autre dossier dans TMPDIR.</translation>
    </message>
    <message>
        <source>Make room there.</source>
        <translation>Faites-y de la place.</translation>
    </message>
    <message>
        <source>Make room, or have the quota raised.</source>
        <translation>Faites de la place, ou faites augmenter le quota.</translation>
    </message>
    <message>
        <source>Make the drive writable (a switch on it, or how it is mounted), and try again.</source>
        <translation>Rendez le disque inscriptible (un interrupteur dessus, ou son montage) et réessayez.</translation>
    </message>
    <message>
        <source>MegaDesk server</source>
        <translation>Serveur MegaDesk</translation>
    </message>
    <message>
        <source>Move one of them away.</source>
        <translation>Déplacez l’un d’eux.</translation>
    </message>
    <message>
        <source>Name a file in a folder that is there and yours.</source>
        <translation>Indiquez un fichier dans un dossier qui existe et qui est à vous.</translation>
    </message>
    <message>
        <source>Name one with --locker.</source>
        <translation>Nommez-en un avec --locker.</translation>
    </message>
    <message>
        <source>Name or service not known</source>
        <translation>Nom ou service inconnu</translation>
    </message>
    <message>
        <source>Network is unreachable</source>
        <translation>Réseau inaccessible</translation>
    </message>
    <message>
        <source>No deletions are held in this pair.</source>
        <translation>Aucune suppression n’est retenue dans cette paire.</translation>
    </message>
    <message>
        <source>No locker here</source>
        <translation>Pas de coffre ici</translation>
    </message>
    <message>
        <source>No route to host</source>
        <translation>Aucun chemin vers l’hôte</translation>
    </message>
    <message>
        <source>No space left on device</source>
        <translation>Plus de place sur le disque</translation>
    </message>
    <message>
        <source>No such device</source>
        <translation>Périphérique absent</translation>
    </message>
    <message>
        <source>No such file or directory</source>
        <translation>Fichier ou dossier introuvable</translation>
    </message>
    <message>
        <source>Nobody counts downloads there.</source>
        <translation>Là-bas, personne ne compte les téléchargements.</translation>
    </message>
    <message>
        <source>Nobody of this locker wrote this object; it is ignored.</source>
        <translation>Personne de ce coffre n’a écrit cet objet&#x202f;; il est ignoré.</translation>
    </message>
    <message>
        <source>Nobody serves this link now.</source>
        <translation>Personne ne sert ce lien en ce moment.</translation>
    </message>
    <message>
        <source>Not a directory</source>
        <translation>N’est pas un dossier</translation>
    </message>
    <message>
        <source>Nothing is lost; try again when more of them are there.</source>
        <translation>Rien n’est perdu&#x202f;; réessayez quand davantage d’entre eux sont là.</translation>
    </message>
    <message>
        <source>Nothing was changed here. Check the storage, or pair again from the other computer.</source>
        <translation>Rien n’a été modifié ici. Vérifiez le stockage, ou associez à nouveau depuis l’autre ordinateur.</translation>
    </message>
    <message>
        <source>Nothing was changed here. Check the storage, or restore what is missing from a backup.</source>
        <translation>Rien n’a été changé ici. Vérifiez le stockage, ou restaurez ce qui manque d’une sauvegarde.</translation>
    </message>
    <message>
        <source>Nothing was changed here. Somebody shows different histories to different devices.</source>
        <translation>Rien n’a été changé ici. Quelqu’un montre des histoires différentes à différents appareils.</translation>
    </message>
    <message>
        <source>Nothing was changed here. Was the storage restored from an old backup? Put back what is missing.</source>
        <translation>Rien n’a été changé ici. Le stockage a-t-il été restauré depuis une ancienne sauvegarde&#x202f;? Remettez ce qui manque.</translation>
    </message>
    <message>
        <source>Nothing was changed. Copy the locker there again: megadesk locker copy</source>
        <translation>Rien n’a été changé. Copiez-y de nouveau le coffre&#xa0;: megadesk locker copy</translation>
    </message>
    <message>
        <source>Nothing was sent to it. Ask who runs the server; only if the new key is right, remove the old one with: ssh-keygen -R &apos;%1&apos;</source>
        <translation>Rien ne lui a été envoyé. Demandez au responsable du serveur&#x202f;; seulement si la nouvelle clé est juste, retirez l’ancienne avec&#xa0;: ssh-keygen -R &apos;%1&apos;</translation>
    </message>
    <message>
        <source>Only %1 of the %2 stores are there</source>
        <translation>Seuls %1 des %2 stockages sont là</translation>
    </message>
    <message>
        <source>Only %1 of the %2 stores can be reached; %3 are needed to %4%5.</source>
        <translation>Seuls %1 des %2 stockages sont joignables&#x202f;; il en faut %3 pour %4%5.</translation>
    </message>
    <message>
        <source>Only %1 of the %2 stores could be listed; %3 are needed (%4).</source>
        <translation>Seuls %1 des %2 stockages ont pu être listés&#x202f;; il en faut %3 (%4).</translation>
    </message>
    <message>
        <source>Only one thing at a time can be given a new name.</source>
        <translation>On ne peut renommer qu’une chose à la fois.</translation>
    </message>
    <message>
        <source>Only what lies in the trash can be removed for good.</source>
        <translation>On ne peut supprimer pour de bon que ce qui est dans la corbeille.</translation>
    </message>
    <message>
        <source>Open it with “megadesk join”, or choose another folder for the new one.</source>
        <translation>Ouvrez-le avec «&#xa0;megadesk join&#xa0;», ou choisissez un autre dossier pour le nouveau.</translation>
    </message>
    <message>
        <source>Open the locker again; what was being written is then written anew.</source>
        <translation>Rouvrez le coffre&#x202f;; ce qui s’écrivait est alors écrit à nouveau.</translation>
    </message>
    <message>
        <source>Open the locker anew with its recovery key.</source>
        <translation>Rouvrez le coffre avec sa clé de récupération.</translation>
    </message>
    <message>
        <source>Open the locker with its passphrase.</source>
        <translation>Ouvrez le coffre avec sa phrase secrète.</translation>
    </message>
    <message>
        <source>Operation not permitted</source>
        <translation>Opération non permise</translation>
    </message>
    <message>
        <source>Operation not supported</source>
        <translation>Opération non prise en charge</translation>
    </message>
    <message>
        <source>Parts of this upload were cleaned up by another device while it was interrupted.</source>
        <translation>Des parties de cet envoi ont été nettoyées par un autre appareil pendant son interruption.</translation>
    </message>
    <message>
        <source>Permission denied</source>
        <translation>Accès refusé</translation>
    </message>
    <message>
        <source>Public storage</source>
        <translation>Stockage public</translation>
    </message>
    <message>
        <source>Read-only file system</source>
        <translation>Système de fichiers en lecture seule</translation>
    </message>
    <message>
        <source>Rename it in the locker.</source>
        <translation>Renommez-le dans le coffre.</translation>
    </message>
    <message>
        <source>Rename one of them.</source>
        <translation>Renommez l’un des deux.</translation>
    </message>
    <message>
        <source>Resource temporarily unavailable</source>
        <translation>Ressource momentanément indisponible</translation>
    </message>
    <message>
        <source>Restore the file, or join the locker again with its recovery key.</source>
        <translation>Restaurez le fichier, ou rejoignez à nouveau le coffre avec sa clé de récupération.</translation>
    </message>
    <message>
        <source>Secret Service</source>
        <translation>Secret Service</translation>
    </message>
    <message>
        <source>See `megadesk sync ls`.</source>
        <translation>Voir `megadesk sync ls`.</translation>
    </message>
    <message>
        <source>See `megadesk sync problems`.</source>
        <translation>Voir `megadesk sync problems`.</translation>
    </message>
    <message>
        <source>See “megadesk check --read-data”.</source>
        <translation>Voir «&#xa0;megadesk check --read-data&#xa0;».</translation>
    </message>
    <message>
        <source>See “megadesk devices ls” for names and ids.</source>
        <translation>Voir «&#xa0;megadesk devices ls&#xa0;» pour les noms et identifiants.</translation>
    </message>
    <message>
        <source>See “megadesk link ls” for their ids.</source>
        <translation>Voir «&#xa0;megadesk link ls&#xa0;» pour leurs identifiants.</translation>
    </message>
    <message>
        <source>Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or write them into ~/.aws/credentials and name the profile with AWS_PROFILE or profile= in the address.</source>
        <translation>Définissez AWS_ACCESS_KEY_ID et AWS_SECRET_ACCESS_KEY, ou écrivez-les dans ~/.aws/credentials et nommez le profil par AWS_PROFILE ou par profile= dans l’adresse.</translation>
    </message>
    <message>
        <source>Set the clock of this computer.</source>
        <translation>Réglez l’horloge de cet ordinateur.</translation>
    </message>
    <message>
        <source>Shared by this computer</source>
        <translation>Partagé par cet ordinateur</translation>
    </message>
    <message>
        <source>Signed addresses of a bucket</source>
        <translation>Adresses signées d’un bucket</translation>
    </message>
    <message>
        <source>Slices in this pack are damaged or were altered.</source>
        <translation>Des morceaux de ce paquet sont endommagés ou ont été modifiés.</translation>
    </message>
    <message>
        <source>Something else has that name there.</source>
        <translation>Autre chose y porte ce nom.</translation>
    </message>
    <message>
        <source>Something foreign is in the place of a folder of the storage.</source>
        <translation>Quelque chose d’étranger est à la place d’un dossier du stockage.</translation>
    </message>
    <message>
        <source>Something went wrong</source>
        <translation>Quelque chose a échoué</translation>
    </message>
    <message>
        <source>Space is then never freed.</source>
        <translation>La place n’est alors jamais libérée.</translation>
    </message>
    <message>
        <source>Stale file handle</source>
        <translation>Descripteur de fichier périmé</translation>
    </message>
    <message>
        <source>Start sharing on this computer (“megadesk link serve”).</source>
        <translation>Démarrez le partage sur cet ordinateur («&#xa0;megadesk link serve&#xa0;»).</translation>
    </message>
    <message>
        <source>Start “megadesk link serve” in another terminal, or write the link to a file with --html.</source>
        <translation>Démarrez «&#xa0;megadesk link serve&#xa0;» dans un autre terminal, ou écrivez le lien dans un fichier avec --html.</translation>
    </message>
    <message>
        <source>Temporary failure in name resolution</source>
        <translation>Échec momentané de la résolution du nom</translation>
    </message>
    <message>
        <source>Text file busy</source>
        <translation>Fichier exécutable occupé</translation>
    </message>
    <message>
        <source>That cannot be done</source>
        <translation>C’est impossible</translation>
    </message>
    <message>
        <source>That file or folder is no longer in the locker.</source>
        <translation>Ce fichier ou dossier n’est plus dans le coffre.</translation>
    </message>
    <message>
        <source>That folder is no longer in the locker.</source>
        <translation>Ce dossier n’est plus dans le coffre.</translation>
    </message>
    <message>
        <source>That is no session.</source>
        <translation>Ce n’est pas une session.</translation>
    </message>
    <message>
        <source>That is no way to solve this problem.</source>
        <translation>Ce n’est pas une manière de résoudre ce problème.</translation>
    </message>
    <message>
        <source>That is not a file.</source>
        <translation>Ce n’est pas un fichier.</translation>
    </message>
    <message>
        <source>That is not a link.</source>
        <translation>Ce n’est pas un lien.</translation>
    </message>
    <message>
        <source>That is not a page of MegaDesk&apos;s links.</source>
        <translation>Ce n’est pas une page de liens de MegaDesk.</translation>
    </message>
    <message>
        <source>That is not an S3 address.</source>
        <translation>Ce n’est pas une adresse S3.</translation>
    </message>
    <message>
        <source>That is not in the trash.</source>
        <translation>Ce n’est pas dans la corbeille.</translation>
    </message>
    <message>
        <source>That is not the address of a spread.</source>
        <translation>Ce n’est pas l’adresse d’une répartition.</translation>
    </message>
    <message>
        <source>That is not the address of a web page.</source>
        <translation>Ce n’est pas l’adresse d’une page web.</translation>
    </message>
    <message>
        <source>That is not the key of a server.</source>
        <translation>Ce n’est pas la clé d’un serveur.</translation>
    </message>
    <message>
        <source>That part is the key. If it was sent separately, put it behind the link, with # in between.</source>
        <translation>Cette partie est la clé. Si elle a été envoyée à part, mettez-la après le lien, avec # entre les deux.</translation>
    </message>
    <message>
        <source>The %1 in %2 is %3 bytes, above the limit of %4.</source>
        <translation>L’élément «&#xa0;%1&#xa0;» dans %2 fait %3 octets, au-dessus de la limite de %4.</translation>
    </message>
    <message>
        <source>The %1 in %2 is malformed: %3.</source>
        <translation>L’élément «&#xa0;%1&#xa0;» dans %2 est mal formé&#xa0;: %3.</translation>
    </message>
    <message>
        <source>The AWS %1 file cannot be read: %2.</source>
        <translation>Le fichier AWS %1 est illisible&#xa0;: %2.</translation>
    </message>
    <message>
        <source>The AWS %1 file is not of the form that it should have.</source>
        <translation>Le fichier AWS %1 n’a pas la forme qu’il devrait avoir.</translation>
    </message>
    <message>
        <source>The HTML file needs a name.</source>
        <translation>Il faut un nom au fichier HTML.</translation>
    </message>
    <message>
        <source>The MegaDesk server does not know this token.</source>
        <translation>Le serveur MegaDesk ne connaît pas ce jeton.</translation>
    </message>
    <message>
        <source>The MegaDesk server there speaks another version of this protocol.</source>
        <translation>Le serveur MegaDesk de là-bas parle une autre version de ce protocole.</translation>
    </message>
    <message>
        <source>The S3 address names no bucket that could exist.</source>
        <translation>L’adresse S3 ne nomme aucun bucket possible.</translation>
    </message>
    <message>
        <source>The S3 bucket %1 is in another region%2.</source>
        <translation>Le bucket S3 %1 est dans une autre région%2.</translation>
    </message>
    <message>
        <source>The S3 credentials have been renewed.</source>
        <translation>Les identifiants S3 ont été renouvelés.</translation>
    </message>
    <message>
        <source>The S3 credentials hold characters that no credentials have.</source>
        <translation>Les identifiants S3 contiennent des caractères impossibles.</translation>
    </message>
    <message>
        <source>The S3 server asks to slow down%1.</source>
        <translation>Le serveur S3 demande de ralentir%1.</translation>
    </message>
    <message>
        <source>The S3 server did not understand%1.</source>
        <translation>Le serveur S3 n’a pas compris%1.</translation>
    </message>
    <message>
        <source>The S3 server does not let these credentials write to the bucket %1%2.</source>
        <translation>Le serveur S3 ne laisse pas ces identifiants écrire dans le bucket %1%2.</translation>
    </message>
    <message>
        <source>The S3 server does not say how long %1 is.</source>
        <translation>Le serveur S3 ne dit pas la longueur de %1.</translation>
    </message>
    <message>
        <source>The S3 server failed%1.</source>
        <translation>Le serveur S3 a échoué%1.</translation>
    </message>
    <message>
        <source>The S3 server lists objects out of order.</source>
        <translation>Le serveur S3 énumère des objets dans le désordre.</translation>
    </message>
    <message>
        <source>The S3 server lists objects twice.</source>
        <translation>Le serveur S3 énumère des objets deux fois.</translation>
    </message>
    <message>
        <source>The S3 server lists what was not asked for.</source>
        <translation>Le serveur S3 énumère ce qui n’a pas été demandé.</translation>
    </message>
    <message>
        <source>The S3 server refuses a part of %1.</source>
        <translation>Le serveur S3 refuse une partie de %1.</translation>
    </message>
    <message>
        <source>The S3 server refuses access to the bucket %1%2.</source>
        <translation>Le serveur S3 refuse l’accès au bucket %1%2.</translation>
    </message>
    <message>
        <source>The S3 server sends another part of %1.</source>
        <translation>Le serveur S3 envoie une autre partie de %1.</translation>
    </message>
    <message>
        <source>The S3 server&apos;s answer is longer than it may be.</source>
        <translation>La réponse du serveur S3 dépasse la longueur permise.</translation>
    </message>
    <message>
        <source>The S3 server&apos;s answer is not what S3 answers.</source>
        <translation>La réponse du serveur S3 n’est pas ce que répond S3.</translation>
    </message>
    <message>
        <source>The S3 server&apos;s listing does not come to an end.</source>
        <translation>L’énumération du serveur S3 ne finit pas.</translation>
    </message>
    <message>
        <source>The S3 storage is full.</source>
        <translation>Le stockage S3 est plein.</translation>
    </message>
    <message>
        <source>The SSH settings for %1 cannot be used (%2).</source>
        <translation>Les réglages SSH pour %1 sont inutilisables (%2).</translation>
    </message>
    <message>
        <source>The SSH settings of this user cannot be used (%1).</source>
        <translation>Les réglages SSH de cet utilisateur sont inutilisables (%1).</translation>
    </message>
    <message>
        <source>The address in the link cannot be read.</source>
        <translation>L’adresse dans le lien est illisible.</translation>
    </message>
    <message>
        <source>The address of a spread has k once, store several times, and nothing else.</source>
        <translation>L’adresse d’une répartition a k une fois, store plusieurs fois, et rien d’autre.</translation>
    </message>
    <message>
        <source>The address of the spread cannot be read.</source>
        <translation>L’adresse de la répartition est illisible.</translation>
    </message>
    <message>
        <source>The answer</source>
        <translation>La réponse</translation>
    </message>
    <message>
        <source>The answer trickles.</source>
        <translation>La réponse vient au compte-gouttes.</translation>
    </message>
    <message>
        <source>The body has another length than was announced.</source>
        <translation>Le corps a une autre longueur que celle annoncée.</translation>
    </message>
    <message>
        <source>The bucket enforces expiry, after seven days at most. Downloads are not counted. Taking the link back deletes its page from the bucket: whoever has opened it before can fetch the contents until it expires.</source>
        <translation>Le bucket fait respecter l’expiration, après sept jours au plus. Les téléchargements ne sont pas comptés. Retirer le lien supprime sa page du bucket&#xa0;: qui l’a ouvert avant peut encore télécharger le contenu jusqu’à l’expiration.</translation>
    </message>
    <message>
        <source>The checkpoint %1 is not signed by the device %2.</source>
        <translation>Le point de reprise %1 n’est pas signé par l’appareil %2.</translation>
    </message>
    <message>
        <source>The checkpoint holds a node twice.</source>
        <translation>Le point de reprise contient un nœud deux fois.</translation>
    </message>
    <message>
        <source>The checkpoint is by a device that is not of this locker.</source>
        <translation>Le point de reprise vient d’un appareil qui n’est pas de ce coffre.</translation>
    </message>
    <message>
        <source>The checkpoint rows in %1 are malformed: %2.</source>
        <translation>Les lignes du point de reprise dans %1 sont mal formées&#xa0;: %2.</translation>
    </message>
    <message>
        <source>The checkpoint&apos;s folders do not form a tree.</source>
        <translation>Les dossiers du point de reprise ne forment pas un arbre.</translation>
    </message>
    <message>
        <source>The clocks of this computer and of the S3 server disagree%1.</source>
        <translation>Les horloges de cet ordinateur et du serveur S3 ne s’accordent pas%1.</translation>
    </message>
    <message>
        <source>The conflict copy is not there any more.</source>
        <translation>La copie en conflit n’est plus là.</translation>
    </message>
    <message>
        <source>The connection to %1 broke.</source>
        <translation>La connexion à %1 s’est rompue.</translation>
    </message>
    <message>
        <source>The connection to the storage failed.</source>
        <translation>La connexion au stockage a échoué.</translation>
    </message>
    <message>
        <source>The connection to the storage was closed.</source>
        <translation>La connexion au stockage a été fermée.</translation>
    </message>
    <message>
        <source>The connection to the storage was lost (%1).</source>
        <translation>La connexion au stockage est perdue (%1).</translation>
    </message>
    <message>
        <source>The copy of the keys for the keychain is damaged or of another locker.</source>
        <translation>La copie des clés pour le trousseau est endommagée ou d’un autre coffre.</translation>
    </message>
    <message>
        <source>The credentials need the rights s3:GetObject and s3:ListBucket.</source>
        <translation>Les identifiants doivent avoir les droits s3:GetObject et s3:ListBucket.</translation>
    </message>
    <message>
        <source>The credentials of a spread are given for each of its stores.</source>
        <translation>Les identifiants d’une répartition se donnent pour chacun de ses stockages.</translation>
    </message>
    <message>
        <source>The credentials of the storage, kept in %1, are damaged or of other keys.</source>
        <translation>Les identifiants du stockage, gardés dans %1, sont endommagés ou d’autres clés.</translation>
    </message>
    <message>
        <source>The destination folder is no longer in the locker.</source>
        <translation>Le dossier de destination n’est plus dans le coffre.</translation>
    </message>
    <message>
        <source>The device %1 has seen %2 entries of the device %3; the storage shows fewer.</source>
        <translation>L’appareil %1 a vu %2 entrées de l’appareil %3&#x202f;; le stockage en montre moins.</translation>
    </message>
    <message>
        <source>The device %1 has seen another history of the device %2 than this one.</source>
        <translation>L’appareil %1 a vu une autre histoire de l’appareil %2 que celle-ci.</translation>
    </message>
    <message>
        <source>The device %1 was removed already.</source>
        <translation>L’appareil %1 a déjà été retiré.</translation>
    </message>
    <message>
        <source>The disk here is full</source>
        <translation>Le disque d’ici est plein</translation>
    </message>
    <message>
        <source>The disk that holds the locker&apos;s index is full.</source>
        <translation>Le disque qui contient l’index du coffre est plein.</translation>
    </message>
    <message>
        <source>The encryption</source>
        <translation>Le chiffrement</translation>
    </message>
    <message>
        <source>The endpoint in the S3 address must be http:// or https:// and a host, without user and password.</source>
        <translation>Le point d’accès de l’adresse S3 est http:// ou https:// et un hôte, sans utilisateur ni mot de passe.</translation>
    </message>
    <message>
        <source>The endpoint in the S3 address must be http:// or https:// and a host.</source>
        <translation>Le point d’accès de l’adresse S3 est http:// ou https:// et un hôte.</translation>
    </message>
    <message>
        <source>The entry %1 is under a key that this device was not given: it may have been removed.</source>
        <translation>L’entrée %1 est sous une clé que cet appareil n’a pas reçue&#xa0;: il a peut-être été retiré.</translation>
    </message>
    <message>
        <source>The file holds everything. Whoever has it and its key can open it, for as long as there is a copy: it cannot be taken back, and nobody enforces expiry or counts. Beyond 64 MiB, its page asks the reader to choose the file once more.</source>
        <translation>Le fichier contient tout. Qui a le fichier et sa clé peut l’ouvrir, tant qu’il en existe une copie&#xa0;: on ne peut pas le retirer, et personne ne fait respecter l’expiration ni ne compte. Au-delà de 64 Mio, sa page demande au lecteur de choisir le fichier une fois de plus.</translation>
    </message>
    <message>
        <source>The file of certificates for the S3 storage cannot be read.</source>
        <translation>Le fichier de certificats pour le stockage S3 est illisible.</translation>
    </message>
    <message>
        <source>The folder %1 cannot be made in the storage.</source>
        <translation>Le dossier %1 ne peut pas être créé dans le stockage.</translation>
    </message>
    <message>
        <source>The folder %1 cannot be made: %2.</source>
        <translation>Impossible de créer le dossier %1&#xa0;: %2.</translation>
    </message>
    <message>
        <source>The folder %1 cannot be written: %2.</source>
        <translation>Impossible d’écrire dans le dossier %1&#xa0;: %2.</translation>
    </message>
    <message>
        <source>The folder %1 is kept in sync already.</source>
        <translation>Le dossier %1 est déjà synchronisé.</translation>
    </message>
    <message>
        <source>The folder %1 is not there. Nothing is deleted anywhere because of it.</source>
        <translation>Le dossier %1 n’est pas là. Rien n’est supprimé nulle part à cause de cela.</translation>
    </message>
    <message>
        <source>The folder %1 is there, but is not the one that was kept in sync: its marker is missing.</source>
        <translation>Le dossier %1 est là, mais n’est pas celui qui était synchronisé&#xa0;: sa marque manque.</translation>
    </message>
    <message>
        <source>The folder %1 may not be read (%2).</source>
        <translation>Le dossier %1 ne peut pas être lu (%2).</translation>
    </message>
    <message>
        <source>The folder %1 vanished from the storage while it was written to.</source>
        <translation>Le dossier %1 a disparu du stockage pendant l’écriture.</translation>
    </message>
    <message>
        <source>The folder in an S3 address may hold letters, digits, &apos;.&apos;, &apos;_&apos;, &apos;~&apos; and &apos;-&apos; only.</source>
        <translation>Le dossier d’une adresse S3 ne contient que lettres, chiffres, &apos;.&apos;, &apos;_&apos;, &apos;~&apos; et &apos;-&apos;.</translation>
    </message>
    <message>
        <source>The folder in the storage address cannot be one on a MegaDesk server.</source>
        <translation>Le dossier dans l’adresse du stockage ne peut pas en être un sur un serveur MegaDesk.</translation>
    </message>
    <message>
        <source>The folder in the store is empty.</source>
        <translation>Le dossier dans le stockage est vide.</translation>
    </message>
    <message>
        <source> by %1 minutes (this one is ahead)</source>
        <translation> de %1 minutes (celle-ci avance)</translation>
    </message>
    <message>
        <source> by %1 minutes (this one is behind)</source>
        <translation> de %1 minutes (celle-ci retarde)</translation>
    </message>
    <message>
        <source>%1 cannot be read now (%2).</source>
        <translation>Impossible de lire %1 en ce moment (%2).</translation>
    </message>
    <message>
        <source>%1 cannot be read now: the server only says “%2”.</source>
        <translation>Impossible de lire %1 en ce moment&#xa0;: le serveur dit seulement «&#xa0;%2&#xa0;».</translation>
    </message>
    <message>
        <source>%1 cannot be used: %2.</source>
        <translation>%1 est inutilisable&#xa0;: %2.</translation>
    </message>
    <message>
        <source>%1 cannot be written now (%2).</source>
        <translation>Impossible d’écrire %1 en ce moment (%2).</translation>
    </message>
    <message>
        <source>%1 cannot be written now: the server only says “%2”.</source>
        <translation>Impossible d’écrire %1 en ce moment&#xa0;: le serveur dit seulement «&#xa0;%2&#xa0;».</translation>
    </message>
    <message>
        <source>%1 is a folder.</source>
        <translation>%1 est un dossier.</translation>
    </message>
    <message>
        <source>%1 may not be read (%2).</source>
        <translation>Il n’est pas permis de lire %1 (%2).</translation>
    </message>
    <message>
        <source>%1 may not be read or written.</source>
        <translation>Il n’est pas permis de lire ou d’écrire %1.</translation>
    </message>
    <message>
        <source>%1 may not be written (%2).</source>
        <translation>Il n’est pas permis d’écrire %1 (%2).</translation>
    </message>
    <message>
        <source>%1 of %2 files and folders would go into the trash here: %3</source>
        <translation>%1 fichiers et dossiers sur %2 iraient à la corbeille ici&#xa0;: %3</translation>
    </message>
    <message>
        <source>%1 of %2 files and folders would go into the trash in the locker: %3</source>
        <translation>%1 fichiers et dossiers sur %2 iraient à la corbeille dans le coffre&#xa0;: %3</translation>
    </message>
    <message>
        <source>%1 of %2 files and folders would go into the trash on both sides: %3</source>
        <translation>%1 fichiers et dossiers sur %2 iraient à la corbeille des deux côtés&#xa0;: %3</translation>
    </message>
    <message>
        <source>A locker does not hold that kind of file: %1.</source>
        <translation>Un coffre ne contient pas ce genre de fichier&#xa0;: %1.</translation>
    </message>
    <message>
        <source>A locker needs a token with the scopes read and write, for this folder of the server.</source>
        <translation>Un coffre a besoin d’un jeton avec les droits read et write, pour ce dossier du serveur.</translation>
    </message>
    <message>
        <source>Addresses that begin with %1: are not available in this version of MegaDesk.</source>
        <translation>Les adresses qui commencent par %1: ne sont pas disponibles dans cette version de MegaDesk.</translation>
    </message>
    <message>
        <source>Give this user the right to read, or choose another folder there.</source>
        <translation>Donnez à cet utilisateur le droit de lire, ou choisissez un autre dossier sur place.</translation>
    </message>
    <message>
        <source>Give this user the right to write, or choose another folder there.</source>
        <translation>Donnez à cet utilisateur le droit d’écrire, ou choisissez un autre dossier sur place.</translation>
    </message>
    <message>
        <source>It cannot be read: %1.</source>
        <translation>Lecture impossible&#xa0;: %1.</translation>
    </message>
    <message>
        <source>It could not be repaired (%1) in %2</source>
        <translation>Il n’a pas pu être réparé (%1) dans %2</translation>
    </message>
    <message>
        <source>It is damaged</source>
        <translation>Il est endommagé</translation>
    </message>
    <message>
        <source>It is damaged or altered in %1</source>
        <translation>Il est endommagé ou a été modifié dans %1</translation>
    </message>
    <message>
        <source>It is missing in %1</source>
        <translation>Il manque dans %1</translation>
    </message>
    <message>
        <source>Its share is damaged</source>
        <translation>Sa part est endommagée</translation>
    </message>
    <message>
        <source>Its share is damaged or altered in %1</source>
        <translation>Sa part est endommagée ou a été modifiée dans %1</translation>
    </message>
    <message>
        <source>MegaDesk could not create %1: %2.</source>
        <translation>MegaDesk n’a pas pu créer %1&#xa0;: %2.</translation>
    </message>
    <message>
        <source>MegaDesk could not delete %1: %2.</source>
        <translation>MegaDesk n’a pas pu supprimer %1&#xa0;: %2.</translation>
    </message>
    <message>
        <source>MegaDesk could not lock %1: %2.</source>
        <translation>MegaDesk n’a pas pu verrouiller %1&#xa0;: %2.</translation>
    </message>
    <message>
        <source>MegaDesk could not read %1: %2.</source>
        <translation>MegaDesk n’a pas pu lire %1&#xa0;: %2.</translation>
    </message>
    <message>
        <source>MegaDesk could not write %1: %2.</source>
        <translation>MegaDesk n’a pas pu écrire %1&#xa0;: %2.</translation>
    </message>
    <message>
        <source>Something foreign is in the place of the object %1 (%2).</source>
        <translation>Quelque chose d’étranger est à la place de l’objet %1 (%2).</translation>
    </message>
    <message>
        <source>Something foreign is in the place of the store folder (%1).</source>
        <translation>Quelque chose d’étranger est à la place du dossier de stockage (%1).</translation>
    </message>
    <message>
        <source>That is no pairing code: it does not begin with “%1”.</source>
        <translation>Ce n’est pas un code d’association&#xa0;: il ne commence pas par «&#xa0;%1&#xa0;».</translation>
    </message>
    <message>
        <source>The folder is not what it was: %1.</source>
        <translation>Le dossier n’est plus ce qu’il était&#xa0;: %1.</translation>
    </message>
    <message>
        <source>The folder of the index allows no write-ahead log.</source>
        <translation>Le dossier de l’index ne permet pas de journal d’écriture anticipée.</translation>
    </message>
    <message>
        <source>The folder of this pair is in the locker&apos;s trash.</source>
        <translation>Le dossier de cette paire est dans la corbeille du coffre.</translation>
    </message>
    <message>
        <source>The folder “%1” is there already.</source>
        <translation>Le dossier «&#xa0;%1&#xa0;» existe déjà.</translation>
    </message>
    <message>
        <source>The head of the answer takes too long.</source>
        <translation>L’en-tête de la réponse prend trop de temps.</translation>
    </message>
    <message>
        <source>The host in the storage address cannot be read.</source>
        <translation>L’hôte dans l’adresse du stockage est illisible.</translation>
    </message>
    <message>
        <source>The index of this locker cannot be read or written (%1).</source>
        <translation>L’index de ce coffre ne peut être ni lu ni écrit (%1).</translation>
    </message>
    <message>
        <source>The index of this locker does not open with the locker&apos;s key, or its first page is damaged.</source>
        <translation>L’index de ce coffre ne s’ouvre pas avec la clé du coffre, ou sa première page est endommagée.</translation>
    </message>
    <message>
        <source>The index of this locker does not take its key.</source>
        <translation>L’index de ce coffre n’accepte pas sa clé.</translation>
    </message>
    <message>
        <source>The index of this locker is closed.</source>
        <translation>L’index de ce coffre est fermé.</translation>
    </message>
    <message>
        <source>The index of this locker is damaged.</source>
        <translation>L’index de ce coffre est endommagé.</translation>
    </message>
    <message>
        <source>The index of this locker is missing.</source>
        <translation>L’index de ce coffre manque.</translation>
    </message>
    <message>
        <source>The index of this locker is not one of MegaDesk&apos;s.</source>
        <translation>L’index de ce coffre n’est pas de MegaDesk.</translation>
    </message>
    <message>
        <source>The index of this locker was made by a newer MegaDesk.</source>
        <translation>L’index de ce coffre vient d’un MegaDesk plus récent.</translation>
    </message>
    <message>
        <source>The key file %1 is missing.</source>
        <translation>Le fichier de clés %1 manque.</translation>
    </message>
    <message>
        <source>The key file %1 is of version %2, which this MegaDesk does not know.</source>
        <translation>Le fichier de clés %1 est de la version %2, que ce MegaDesk ne connaît pas.</translation>
    </message>
    <message>
        <source>The key file asks for more memory or time than MegaDesk allows.</source>
        <translation>Le fichier de clés demande plus de mémoire ou de temps que MegaDesk n’en permet.</translation>
    </message>
    <message>
        <source>The key file asks for weaker protection of the passphrase than MegaDesk allows.</source>
        <translation>Le fichier de clés demande une protection de la phrase secrète plus faible que MegaDesk ne le permet.</translation>
    </message>
    <message>
        <source>The key file cannot be read: %1</source>
        <translation>Le fichier de clés est illisible&#xa0;: %1</translation>
    </message>
    <message>
        <source>The key file cannot be used</source>
        <translation>Le fichier de clés est inutilisable</translation>
    </message>
    <message>
        <source>The key file of %1 belongs to another locker.</source>
        <translation>Le fichier de clés de %1 appartient à un autre coffre.</translation>
    </message>
    <message>
        <source>The key file of this locker is of another version.</source>
        <translation>Le fichier de clés de ce coffre est d’une autre version.</translation>
    </message>
    <message>
        <source>The key file of this locker lacks the first key.</source>
        <translation>La première clé manque dans le fichier de clés de ce coffre.</translation>
    </message>
    <message>
        <source>The key file that was given for the storage cannot be read.</source>
        <translation>Le fichier de clé donné pour le stockage est illisible.</translation>
    </message>
    <message>
        <source>The key of the index has a wrong length.</source>
        <translation>La clé de l’index n’a pas la bonne longueur.</translation>
    </message>
    <message>
        <source>The keychain of this system (%1) failed: %2.</source>
        <translation>Le trousseau de ce système (%1) a échoué&#xa0;: %2.</translation>
    </message>
    <message>
        <source>The keychain of this system did not keep what it was given.</source>
        <translation>Le trousseau de ce système n’a pas gardé ce qu’on lui a confié.</translation>
    </message>
    <message>
        <source>The keychain of this system is not available (%1).</source>
        <translation>Le trousseau de ce système n’est pas disponible (%1).</translation>
    </message>
    <message>
        <source>The link asks for less protection of its password, or more memory or time, than MegaDesk allows.</source>
        <translation>Le lien demande moins de protection pour son mot de passe, ou plus de mémoire ou de temps, que MegaDesk n’en permet.</translation>
    </message>
    <message>
        <source>The link does not open</source>
        <translation>Le lien ne s’ouvre pas</translation>
    </message>
    <message>
        <source>The link does not open with this password, or its record was altered.</source>
        <translation>Le lien ne s’ouvre pas avec ce mot de passe, ou sa fiche a été modifiée.</translation>
    </message>
    <message>
        <source>The link does not say where its contents are.</source>
        <translation>Le lien ne dit pas où est son contenu.</translation>
    </message>
    <message>
        <source>The link has expired</source>
        <translation>Le lien a expiré</translation>
    </message>
    <message>
        <source>The link has no place</source>
        <translation>Le lien n’a pas de place</translation>
    </message>
    <message>
        <source>The link is not complete: the part behind # is missing or was cut short.</source>
        <translation>Le lien est incomplet&#xa0;: la partie après # manque ou a été tronquée.</translation>
    </message>
    <message>
        <source>The link is not complete: the part behind # is missing.</source>
        <translation>Le lien est incomplet&#xa0;: la partie après # manque.</translation>
    </message>
    <message>
        <source>The link is used up</source>
        <translation>Le lien est épuisé</translation>
    </message>
    <message>
        <source>The link must begin with https://, http:// or file://, or be a file here.</source>
        <translation>Le lien doit commencer par https://, http:// ou file://, ou être un fichier d’ici.</translation>
    </message>
    <message>
        <source>The link names a file that cannot be one here.</source>
        <translation>Le lien nomme un fichier qui ne peut pas en être un ici.</translation>
    </message>
    <message>
        <source>The link needs its password</source>
        <translation>Le lien demande son mot de passe</translation>
    </message>
    <message>
        <source>The link record in %1 holds %2.</source>
        <translation>La fiche du lien dans %1 contient %2.</translation>
    </message>
    <message>
        <source>The link shows a symbolic link to something outside of it, and nothing else.</source>
        <translation>Le lien montre un lien symbolique vers quelque chose hors de lui, et rien d’autre.</translation>
    </message>
    <message>
        <source>The link was made, but does not open where it should live, so it was taken back: %1</source>
        <translation>Le lien a été créé, mais ne s’ouvre pas là où il devrait se trouver&#x202f;; il a donc été retiré&#xa0;: %1</translation>
    </message>
    <message>
        <source>The link was taken back</source>
        <translation>Le lien a été révoqué</translation>
    </message>
    <message>
        <source>The link works while this computer shares links. It enforces expiry and the number of downloads, and refuses the link as soon as it is taken back. Downloads are counted by each computer for itself.</source>
        <translation>Le lien fonctionne tant que cet ordinateur partage des liens. Il fait respecter l’expiration et le nombre de téléchargements, et refuse le lien dès qu’il est retiré. Chaque ordinateur compte les téléchargements pour lui-même.</translation>
    </message>
    <message>
        <source>The link would have expired already.</source>
        <translation>Le lien aurait déjà expiré.</translation>
    </message>
    <message>
        <source>The link&apos;s record</source>
        <translation>La fiche du lien</translation>
    </message>
    <message>
        <source>The list of lockers</source>
        <translation>La liste des coffres</translation>
    </message>
    <message>
        <source>The locker</source>
        <translation>Le coffre</translation>
    </message>
    <message>
        <source>The locker %1 is locked.</source>
        <translation>Le coffre %1 est verrouillé.</translation>
    </message>
    <message>
        <source>The locker %1 is read-only: %2</source>
        <translation>Le coffre %1 est en lecture seule&#xa0;: %2</translation>
    </message>
    <message>
        <source>The locker cannot be used</source>
        <translation>Le coffre est inutilisable</translation>
    </message>
    <message>
        <source>The locker did not open</source>
        <translation>Le coffre ne s’est pas ouvert</translation>
    </message>
    <message>
        <source>The locker in %1 cannot be used, its description is damaged: %2</source>
        <translation>Le coffre dans %1 est inutilisable, sa description est endommagée&#xa0;: %2</translation>
    </message>
    <message>
        <source>The locker is busy</source>
        <translation>Le coffre est occupé</translation>
    </message>
    <message>
        <source>The locker is read-only</source>
        <translation>Le coffre est en lecture seule</translation>
    </message>
    <message>
        <source>The locker is read-only: %1</source>
        <translation>Le coffre est en lecture seule&#xa0;: %1</translation>
    </message>
    <message>
        <source>The locker&apos;s header has a size that no header has.</source>
        <translation>L’en-tête du coffre a une taille qu’aucun en-tête n’a.</translation>
    </message>
    <message>
        <source>The locker&apos;s header has been altered.</source>
        <translation>L’en-tête du coffre a été modifié.</translation>
    </message>
    <message>
        <source>The locker&apos;s header is malformed.</source>
        <translation>L’en-tête du coffre est mal formé.</translation>
    </message>
    <message>
        <source>The locker&apos;s header is not in its one form.</source>
        <translation>L’en-tête du coffre n’a pas sa forme unique.</translation>
    </message>
    <message>
        <source>The locker&apos;s own folder cannot be moved or removed.</source>
        <translation>Le dossier même du coffre ne peut être ni déplacé ni supprimé.</translation>
    </message>
    <message>
        <source>The locker&apos;s own folder is there already.</source>
        <translation>Le dossier même du coffre est déjà là.</translation>
    </message>
    <message>
        <source>The locker&apos;s storage</source>
        <translation>Le stockage du coffre</translation>
    </message>
    <message>
        <source>The log</source>
        <translation>Le journal</translation>
    </message>
    <message>
        <source>The log entry %1 is not in its one form.</source>
        <translation>L’entrée de journal %1 n’a pas sa forme unique.</translation>
    </message>
    <message>
        <source>The log entry %1 is not signed by its device.</source>
        <translation>L’entrée de journal %1 n’est pas signée par son appareil.</translation>
    </message>
    <message>
        <source>The log entry %1 says it is another one.</source>
        <translation>L’entrée de journal %1 dit en être une autre.</translation>
    </message>
    <message>
        <source>The log of the device %1 does not continue the history known here.</source>
        <translation>Le journal de l’appareil %1 ne continue pas l’histoire connue ici.</translation>
    </message>
    <message>
        <source>The name %1 is the spread&apos;s own.</source>
        <translation>Le nom %1 est réservé à la répartition.</translation>
    </message>
    <message>
        <source>The name %1 is too long below %2.</source>
        <translation>Le nom %1 est trop long sous %2.</translation>
    </message>
    <message>
        <source>The name %1 is too long for a large object in a spread.</source>
        <translation>Le nom %1 est trop long pour un grand objet d’une répartition.</translation>
    </message>
    <message>
        <source>The name is taken in the storage</source>
        <translation>Le nom est pris dans le stockage</translation>
    </message>
    <message>
        <source>The network&apos;s proxy wants a password.</source>
        <translation>Le proxy du réseau veut un mot de passe.</translation>
    </message>
    <message>
        <source>The new storage gave back another header than it was given.</source>
        <translation>Le nouveau stockage a rendu un autre en-tête que celui qu’il a reçu.</translation>
    </message>
    <message>
        <source>The new storage gives back another object %1 than it was given.</source>
        <translation>Le nouveau stockage rend un autre objet %1 que celui qu’il a reçu.</translation>
    </message>
    <message>
        <source>The new storage has another entry %1 than the one known here.</source>
        <translation>Le nouveau stockage a une autre entrée %1 que celle connue ici.</translation>
    </message>
    <message>
        <source>The new storage holds another locker already.</source>
        <translation>Le nouveau stockage contient déjà un autre coffre.</translation>
    </message>
    <message>
        <source>The new storage holds another locker.</source>
        <translation>Le nouveau stockage contient un autre coffre.</translation>
    </message>
    <message>
        <source>The new storage holds no locker.</source>
        <translation>Le nouveau stockage ne contient pas de coffre.</translation>
    </message>
    <message>
        <source>The new storage lacks the object %1.</source>
        <translation>Il manque l’objet %1 dans le nouveau stockage.</translation>
    </message>
    <message>
        <source>The new storage lost the object %1 at once.</source>
        <translation>Le nouveau stockage a aussitôt perdu l’objet %1.</translation>
    </message>
    <message>
        <source>The note is longer than %1 characters.</source>
        <translation>La note dépasse %1 caractères.</translation>
    </message>
    <message>
        <source>The number of downloads must be 1 or more.</source>
        <translation>Le nombre de téléchargements est d’au moins 1.</translation>
    </message>
    <message>
        <source>The object %1</source>
        <translation>L’objet %1</translation>
    </message>
    <message>
        <source>The object %1 cannot be read now.</source>
        <translation>Impossible de lire l’objet %1 en ce moment.</translation>
    </message>
    <message>
        <source>The object %1 cannot be written: the file system is read-only.</source>
        <translation>Impossible d’écrire l’objet %1&#xa0;: le système de fichiers est en lecture seule.</translation>
    </message>
    <message>
        <source>The object %1 does not fit into the folder for temporary files (%2).</source>
        <translation>L’objet %1 ne tient pas dans le dossier des fichiers temporaires (%2).</translation>
    </message>
    <message>
        <source>The object %1 does not fit: there is no room left.</source>
        <translation>L’objet %1 ne tient pas&#xa0;: il n’y a plus de place.</translation>
    </message>
    <message>
        <source>The object %1 ended early.</source>
        <translation>L’objet %1 s’interrompt trop tôt.</translation>
    </message>
    <message>
        <source>The object %1 exists already.</source>
        <translation>L’objet %1 existe déjà.</translation>
    </message>
    <message>
        <source>The object %1 has %2 bytes; at most %3 were expected.</source>
        <translation>L’objet %1 fait %2 octets&#x202f;; %3 au plus étaient attendus.</translation>
    </message>
    <message>
        <source>The object %1 has more than %2 bytes.</source>
        <translation>L’objet %1 fait plus de %2 octets.</translation>
    </message>
    <message>
        <source>The object %1 has only %2 bytes, not %3.</source>
        <translation>L’objet %1 ne fait que %2 octets, et non %3.</translation>
    </message>
    <message>
        <source>The object %1 is being written by another process.</source>
        <translation>Un autre processus est en train d’écrire l’objet %1.</translation>
    </message>
    <message>
        <source>The object %1 is in the storage already.</source>
        <translation>L’objet %1 est déjà dans le stockage.</translation>
    </message>
    <message>
        <source>The object %1 is larger than %2 bytes.</source>
        <translation>L’objet %1 dépasse %2 octets.</translation>
    </message>
    <message>
        <source>The object %1 is larger than a folder store takes.</source>
        <translation>L’objet %1 est plus grand que ce que prend un dossier de stockage.</translation>
    </message>
    <message>
        <source>The object %1 is larger than an SFTP store takes.</source>
        <translation>L’objet %1 est plus grand que ce que prend un stockage SFTP.</translation>
    </message>
    <message>
        <source>The object %1 is larger than the storage allows.</source>
        <translation>L’objet %1 est plus grand que le stockage ne le permet.</translation>
    </message>
    <message>
        <source>The object %1 is not in the storage.</source>
        <translation>L’objet %1 n’est pas dans le stockage.</translation>
    </message>
    <message>
        <source>The object %1 keeps changing.</source>
        <translation>L’objet %1 ne cesse de changer.</translation>
    </message>
    <message>
        <source>The object %1 keeps coming and going.</source>
        <translation>L’objet %1 ne cesse d’apparaître et de disparaître.</translation>
    </message>
    <message>
        <source>The object %1 vanished from the storage while it was written.</source>
        <translation>L’objet %1 a disparu du stockage pendant son écriture.</translation>
    </message>
    <message>
        <source>The pack is cut short or was altered.</source>
        <translation>Le paquet est tronqué ou a été modifié.</translation>
    </message>
    <message>
        <source>The pack is missing from the storage.</source>
        <translation>Le paquet manque dans le stockage.</translation>
    </message>
    <message>
        <source>The pack is missing from the storage; a link shows what was in it.</source>
        <translation>Le paquet manque dans le stockage&#x202f;; un lien montre ce qu’il contenait.</translation>
    </message>
    <message>
        <source>The page %1 lacks a part of what the link shows.</source>
        <translation>Il manque à la page %1 une partie de ce que montre le lien.</translation>
    </message>
    <message>
        <source>The page %1 was altered.</source>
        <translation>La page %1 a été modifiée.</translation>
    </message>
    <message>
        <source>The page %1 was cut short, or something was added to it.</source>
        <translation>La page %1 a été tronquée, ou quelque chose y a été ajouté.</translation>
    </message>
    <message>
        <source>The page %1 was cut short.</source>
        <translation>La page %1 a été tronquée.</translation>
    </message>
    <message>
        <source>The page at the link&apos;s address has no link in it, and its server knows none.</source>
        <translation>La page à l’adresse du lien ne contient pas de lien, et son serveur n’en connaît pas.</translation>
    </message>
    <message>
        <source>The page ended early.</source>
        <translation>La page s’interrompt trop tôt.</translation>
    </message>
    <message>
        <source>The page has no such pack.</source>
        <translation>La page n’a pas ce paquet.</translation>
    </message>
    <message>
        <source>The page is larger than it may be.</source>
        <translation>La page dépasse la taille permise.</translation>
    </message>
    <message>
        <source>The page of the link holds what no such page has.</source>
        <translation>La page du lien contient ce qu’aucune telle page ne contient.</translation>
    </message>
    <message>
        <source>The page of the link was cut short.</source>
        <translation>La page du lien a été tronquée.</translation>
    </message>
    <message>
        <source>The pairing code cannot be read: %1</source>
        <translation>Le code d’association est illisible&#xa0;: %1</translation>
    </message>
    <message>
        <source>The pairing code holds characters that do not belong there.</source>
        <translation>Le code d’association contient des caractères qui n’y ont pas leur place.</translation>
    </message>
    <message>
        <source>The pairing code is not complete, or was changed.</source>
        <translation>Le code d’association n’est pas complet, ou a été modifié.</translation>
    </message>
    <message>
        <source>The parameters of an S3 address are %1, each once.</source>
        <translation>Les paramètres d’une adresse S3 sont %1, chacun une fois.</translation>
    </message>
    <message>
        <source>The passphrase is not valid text.</source>
        <translation>La phrase secrète n’est pas un texte valable.</translation>
    </message>
    <message>
        <source>The passphrase is wrong, or the key file is damaged.</source>
        <translation>La phrase secrète est fausse, ou le fichier de clés est endommagé.</translation>
    </message>
    <message>
        <source>The passphrase must not be empty.</source>
        <translation>La phrase secrète ne peut pas être vide.</translation>
    </message>
    <message>
        <source>The password is empty.</source>
        <translation>Le mot de passe est vide.</translation>
    </message>
    <message>
        <source>The path in the SFTP address holds characters that no path can have.</source>
        <translation>Le chemin dans l’adresse SFTP contient des caractères qu’aucun chemin ne peut avoir.</translation>
    </message>
    <message>
        <source>The path in the SFTP address may not have .. or a zero byte in it.</source>
        <translation>Le chemin dans l’adresse SFTP ne doit contenir ni .. ni octet nul.</translation>
    </message>
    <message>
        <source>The path in the storage address has parts that cannot name a folder.</source>
        <translation>Le chemin dans l’adresse du stockage a des parties qui ne peuvent pas nommer un dossier.</translation>
    </message>
    <message>
        <source>The path in the storage address is not Unicode text.</source>
        <translation>Le chemin dans l’adresse du stockage n’est pas du texte Unicode.</translation>
    </message>
    <message>
        <source>The port in the storage address is not between 1 and 65535.</source>
        <translation>Le port dans l’adresse du stockage n’est pas entre 1 et 65535.</translation>
    </message>
    <message>
        <source>The preamble of %1 is malformed.</source>
        <translation>Le préambule de %1 est mal formé.</translation>
    </message>
    <message>
        <source>The proxy does not connect to %1.</source>
        <translation>Le proxy ne se connecte pas à %1.</translation>
    </message>
    <message>
        <source>The proxy that this computer is set to is not an HTTP proxy.</source>
        <translation>Le proxy réglé sur cet ordinateur n’est pas un proxy HTTP.</translation>
    </message>
    <message>
        <source>The proxy that this computer is set to use is not an HTTP proxy.</source>
        <translation>Le proxy que cet ordinateur doit utiliser n’est pas un proxy HTTP.</translation>
    </message>
    <message>
        <source>The record in the page of the link was altered.</source>
        <translation>La fiche dans la page du lien a été modifiée.</translation>
    </message>
    <message>
        <source>The region in the S3 address cannot be one.</source>
        <translation>La région dans l’adresse S3 ne peut pas en être une.</translation>
    </message>
    <message>
        <source>The server %1 cannot be reached (%2).</source>
        <translation>Le serveur %1 est injoignable (%2).</translation>
    </message>
    <message>
        <source>The server %1 cannot be talked to over SSH (%2).</source>
        <translation>Impossible de parler SSH avec le serveur %1 (%2).</translation>
    </message>
    <message>
        <source>The server %1 did not let %2 in (%3).</source>
        <translation>Le serveur %1 n’a pas laissé entrer %2 (%3).</translation>
    </message>
    <message>
        <source>The server %1 ended the connection (%2).</source>
        <translation>Le serveur %1 a mis fin à la connexion (%2).</translation>
    </message>
    <message>
        <source>The server %1 is not known to this computer. Its key is %2.</source>
        <translation>Le serveur %1 n’est pas connu de cet ordinateur. Sa clé est %2.</translation>
    </message>
    <message>
        <source>The server %1 is not trusted: %2.</source>
        <translation>Le serveur %1 n’est pas de confiance&#xa0;: %2.</translation>
    </message>
    <message>
        <source>The server %1 offers no SFTP (%2).</source>
        <translation>Le serveur %1 n’offre pas SFTP (%2).</translation>
    </message>
    <message>
        <source>The server %1 shows another key than the one that this computer knows: %2. It was set up anew, or something else answers in its place.</source>
        <translation>Le serveur %1 montre une autre clé que celle connue de cet ordinateur&#xa0;: %2. Il a été réinstallé, ou autre chose répond à sa place.</translation>
    </message>
    <message>
        <source>The server answered “%1” (status %2).</source>
        <translation>Le serveur a répondu «&#xa0;%1&#xa0;» (statut %2).</translation>
    </message>
    <message>
        <source>The server does not answer as one of links.</source>
        <translation>Le serveur ne répond pas comme un serveur de liens.</translation>
    </message>
    <message>
        <source>The server enforces expiry and the number of downloads, and refuses the link as soon as it is taken back.</source>
        <translation>Le serveur fait respecter l’expiration et le nombre de téléchargements, et refuse le lien dès qu’il est retiré.</translation>
    </message>
    <message>
        <source>The server is busy.</source>
        <translation>Le serveur est occupé.</translation>
    </message>
    <message>
        <source>The server is not known yet</source>
        <translation>Le serveur n’est pas encore connu</translation>
    </message>
    <message>
        <source>The server is not the one it was</source>
        <translation>Ce n’est plus le même serveur</translation>
    </message>
    <message>
        <source>The server lost the object %1 that it had taken already.</source>
        <translation>Le serveur a perdu l’objet %1 qu’il avait déjà pris.</translation>
    </message>
    <message>
        <source>The server of this locker&apos;s storage does not serve links any more.</source>
        <translation>Le serveur du stockage de ce coffre ne sert plus de liens.</translation>
    </message>
    <message>
        <source>The server refuses something as large as the object %1.</source>
        <translation>Le serveur refuse quelque chose d’aussi grand que l’objet %1.</translation>
    </message>
    <message>
        <source>The server sends another part of %1.</source>
        <translation>Le serveur envoie une autre partie de %1.</translation>
    </message>
    <message>
        <source>The server sends too much of %1.</source>
        <translation>Le serveur envoie trop de %1.</translation>
    </message>
    <message>
        <source>The server&apos;s session cannot be one.</source>
        <translation>La session du serveur ne peut pas en être une.</translation>
    </message>
    <message>
        <source>The setting %1 cannot be %2: %3.</source>
        <translation>Le réglage %1 ne peut pas être %2&#xa0;: %3.</translation>
    </message>
    <message>
        <source>The settings file</source>
        <translation>Le fichier des réglages</translation>
    </message>
    <message>
        <source>The share of %1 is damaged, or of another spread.</source>
        <translation>La part de %1 est endommagée, ou d’une autre répartition.</translation>
    </message>
    <message>
        <source>The shares of %1 that can be reached do not fit together.</source>
        <translation>Les parts de %1 qui sont joignables ne vont pas ensemble.</translation>
    </message>
    <message>
        <source>The sharing of links</source>
        <translation>Le partage de liens</translation>
    </message>
    <message>
        <source>The slice list in %1 is of %2.</source>
        <translation>La liste des morceaux dans %1 est de %2.</translation>
    </message>
    <message>
        <source>The storage</source>
        <translation>Le stockage</translation>
    </message>
    <message>
        <source>The storage address has a user name or password in it.</source>
        <translation>L’adresse du stockage contient un nom d’utilisateur ou un mot de passe.</translation>
    </message>
    <message>
        <source>The storage address holds characters that no path can have.</source>
        <translation>L’adresse du stockage contient des caractères qu’aucun chemin ne peut avoir.</translation>
    </message>
    <message>
        <source>The storage address is empty or holds a zero byte.</source>
        <translation>L’adresse du stockage est vide ou contient un octet nul.</translation>
    </message>
    <message>
        <source>The storage address is empty.</source>
        <translation>L’adresse du stockage est vide.</translation>
    </message>
    <message>
        <source>The storage address names a file on the server, not a folder.</source>
        <translation>L’adresse du stockage nomme un fichier sur le serveur, pas un dossier.</translation>
    </message>
    <message>
        <source>The storage address needs // and a host after the colon.</source>
        <translation>Dans l’adresse du stockage, il faut // et un hôte après le deux-points.</translation>
    </message>
    <message>
        <source>The storage answered with status %1 %2.</source>
        <translation>Le stockage a répondu par le statut %1 %2.</translation>
    </message>
    <message>
        <source>The storage answers, but had not finished a small test after %1 seconds.</source>
        <translation>Le stockage répond, mais n’avait pas fini un petit essai après %1 secondes.</translation>
    </message>
    <message>
        <source>The storage behind the server cannot be reached.</source>
        <translation>Le stockage derrière le serveur est injoignable.</translation>
    </message>
    <message>
        <source>The storage behind the server cannot be written.</source>
        <translation>On ne peut pas écrire dans le stockage derrière le serveur.</translation>
    </message>
    <message>
        <source>The storage cannot be reached</source>
        <translation>Le stockage est injoignable</translation>
    </message>
    <message>
        <source>The storage cannot be written</source>
        <translation>On ne peut pas écrire dans le stockage</translation>
    </message>
    <message>
        <source>The storage compresses what it was told to give as it is.</source>
        <translation>Le stockage compresse ce qu’il devait donner tel quel.</translation>
    </message>
    <message>
        <source>The storage did not accept the user name, password or token.</source>
        <translation>Le stockage n’a pas accepté l’utilisateur, le mot de passe ou le jeton.</translation>
    </message>
    <message>
        <source>The storage did not answer within %1 seconds.</source>
        <translation>Le stockage n’a pas répondu en %1 secondes.</translation>
    </message>
    <message>
        <source>The storage does not answer.</source>
        <translation>Le stockage ne répond pas.</translation>
    </message>
    <message>
        <source>The storage does not let files be moved (MOVE), without which uploads are not safe.</source>
        <translation>Le stockage ne laisse pas déplacer de fichiers (MOVE), sans quoi les envois ne sont pas sûrs.</translation>
    </message>
    <message>
        <source>The storage does not let this user read there.</source>
        <translation>Le stockage ne laisse pas cet utilisateur y lire.</translation>
    </message>
    <message>
        <source>The storage does not let this user write there.</source>
        <translation>Le stockage ne laisse pas cet utilisateur y écrire.</translation>
    </message>
    <message>
        <source>The storage does not speak TLS as it should.</source>
        <translation>Le stockage ne parle pas TLS comme il faut.</translation>
    </message>
    <message>
        <source>The storage does not tell the size of %1.</source>
        <translation>Le stockage ne dit pas la taille de %1.</translation>
    </message>
    <message>
        <source>The storage does not understand a plain request.</source>
        <translation>Le stockage ne comprend pas une simple requête.</translation>
    </message>
    <message>
        <source>The storage ended the stream of events.</source>
        <translation>Le stockage a mis fin au flux des événements.</translation>
    </message>
    <message>
        <source>The storage failed</source>
        <translation>Le stockage a échoué</translation>
    </message>
    <message>
        <source>The storage failed inside (status %1).</source>
        <translation>Le stockage a eu une erreur interne (statut %1).</translation>
    </message>
    <message>
        <source>The storage folder %1 is not there (%2).</source>
        <translation>Le dossier de stockage %1 n’est pas là (%2).</translation>
    </message>
    <message>
        <source>The storage folder is not there on %1.</source>
        <translation>Le dossier de stockage n’est pas là sur %1.</translation>
    </message>
    <message>
        <source>The storage gave a list that is in no order.</source>
        <translation>Le stockage a donné une liste qui n’a pas d’ordre.</translation>
    </message>
    <message>
        <source>The storage gave a list without an end.</source>
        <translation>Le stockage a donné une liste sans fin.</translation>
    </message>
    <message>
        <source>The storage gave an answer that is too long.</source>
        <translation>Le stockage a donné une réponse trop longue.</translation>
    </message>
    <message>
        <source>The storage gave an answer that makes no sense</source>
        <translation>Le stockage a donné une réponse qui n’a pas de sens</translation>
    </message>
    <message>
        <source>The storage gave another part of %1 than was asked for.</source>
        <translation>Le stockage a donné une autre partie de %1 que celle demandée.</translation>
    </message>
    <message>
        <source>The storage gave back other bytes than it was given.</source>
        <translation>Le stockage a rendu d’autres octets que ceux qu’il a reçus.</translation>
    </message>
    <message>
        <source>The storage gives %1 only as a whole, which is too large.</source>
        <translation>Le stockage ne donne %1 qu’en entier, ce qui est trop grand.</translation>
    </message>
    <message>
        <source>The storage has been altered</source>
        <translation>Le stockage a été modifié</translation>
    </message>
    <message>
        <source>The storage has hardly any room left.</source>
        <translation>Le stockage n’a presque plus de place.</translation>
    </message>
    <message>
        <source>The storage has no place for the object %1.</source>
        <translation>Le stockage n’a pas de place pour l’objet %1.</translation>
    </message>
    <message>
        <source>The storage has no room left.</source>
        <translation>Le stockage n’a plus de place.</translation>
    </message>
    <message>
        <source>The storage holds another locker than this one.</source>
        <translation>Le stockage contient un autre coffre que celui-ci.</translation>
    </message>
    <message>
        <source>The storage holds back entry %1 of the device %2, but shows later ones.</source>
        <translation>Le stockage retient l’entrée %1 de l’appareil %2, mais en montre de plus récentes.</translation>
    </message>
    <message>
        <source>The storage holds back entry %1 of the device %2: a checkpoint by the device %3 stands for it.</source>
        <translation>Le stockage retient l’entrée %1 de l’appareil %2&#xa0;: un point de reprise de l’appareil %3 en répond.</translation>
    </message>
    <message>
        <source>The storage holds something back</source>
        <translation>Le stockage retient quelque chose</translation>
    </message>
    <message>
        <source>The storage is busy</source>
        <translation>Le stockage est occupé</translation>
    </message>
    <message>
        <source>The storage is full</source>
        <translation>Le stockage est plein</translation>
    </message>
    <message>
        <source>The storage lists another folder than the one it was asked for.</source>
        <translation>Le stockage énumère un autre dossier que celui demandé.</translation>
    </message>
    <message>
        <source>The storage no longer has the enrolment of the device %1.</source>
        <translation>Le stockage n’a plus l’inscription de l’appareil %1.</translation>
    </message>
    <message>
        <source>The storage refused access</source>
        <translation>Le stockage a refusé l’accès</translation>
    </message>
    <message>
        <source>The storage refuses a part of %1 that it says is there.</source>
        <translation>Le stockage refuse une partie de %1 dont il dit qu’elle est là.</translation>
    </message>
    <message>
        <source>The storage refuses something as large as the object %1.</source>
        <translation>Le stockage refuse quelque chose d’aussi grand que l’objet %1.</translation>
    </message>
    <message>
        <source>The storage says that it is elsewhere now (status %1).</source>
        <translation>Le stockage dit être ailleurs maintenant (statut %1).</translation>
    </message>
    <message>
        <source>The storage sends events that are none.</source>
        <translation>Le stockage envoie des événements qui n’en sont pas.</translation>
    </message>
    <message>
        <source>The storage shows %1 entries of a device of which the other computer knows %2: it is an older state.</source>
        <translation>Le stockage montre %1 entrées d’un appareil dont l’autre ordinateur connaît %2&#xa0;: c’est un état plus ancien.</translation>
    </message>
    <message>
        <source>The storage shows an older state</source>
        <translation>Le stockage montre un état plus ancien</translation>
    </message>
    <message>
        <source>The storage shows an older state: entry %1 of the device %2, known here, is gone.</source>
        <translation>Le stockage montre un état plus ancien&#xa0;: l’entrée %1 de l’appareil %2, connue ici, a disparu.</translation>
    </message>
    <message>
        <source>The storage shows the header of another locker in this one&apos;s place.</source>
        <translation>Le stockage montre l’en-tête d’un autre coffre à la place de celui-ci.</translation>
    </message>
    <message>
        <source>The storage shows two different histories</source>
        <translation>Le stockage montre deux histoires différentes</translation>
    </message>
    <message>
        <source>The storage stopped answering in the middle.</source>
        <translation>Le stockage a cessé de répondre en cours de route.</translation>
    </message>
    <message>
        <source>The storage tells of another object than the one it was asked for.</source>
        <translation>Le stockage parle d’un autre objet que celui demandé.</translation>
    </message>
    <message>
        <source>The storage to be copied holds no MegaDesk locker.</source>
        <translation>Le stockage à copier ne contient pas de coffre MegaDesk.</translation>
    </message>
    <message>
        <source>The storage was closed.</source>
        <translation>Le stockage a été fermé.</translation>
    </message>
    <message>
        <source>The storage was disconnected before everything was written to it.</source>
        <translation>Le stockage a été déconnecté avant que tout y soit écrit.</translation>
    </message>
    <message>
        <source>The storage works, and holds a locker already.</source>
        <translation>Le stockage fonctionne, et contient déjà un coffre.</translation>
    </message>
    <message>
        <source>The storage works, but does not let this user delete.</source>
        <translation>Le stockage fonctionne, mais ne laisse pas cet utilisateur supprimer.</translation>
    </message>
    <message>
        <source>The storage works, but is too slow to be of use.</source>
        <translation>Le stockage fonctionne, mais il est trop lent pour servir.</translation>
    </message>
    <message>
        <source>The storage works.</source>
        <translation>Le stockage fonctionne.</translation>
    </message>
    <message>
        <source>The storage&apos;s answer broke off, or was no HTTP.</source>
        <translation>La réponse du stockage s’est interrompue, ou n’était pas du HTTP.</translation>
    </message>
    <message>
        <source>The storage&apos;s answer led to a request that cannot be made.</source>
        <translation>La réponse du stockage a mené à une requête impossible.</translation>
    </message>
    <message>
        <source>The storage&apos;s certificate cannot be trusted: %1.</source>
        <translation>Le certificat du stockage n’est pas de confiance&#xa0;: %1.</translation>
    </message>
    <message>
        <source>The storage&apos;s folder is not on its server.</source>
        <translation>Le dossier du stockage n’est pas sur son serveur.</translation>
    </message>
    <message>
        <source>The storage&apos;s host is not known, or this computer is offline.</source>
        <translation>L’hôte du stockage est inconnu, ou cet ordinateur est hors ligne.</translation>
    </message>
    <message>
        <source>The storage&apos;s host is there, but nothing answers at this port.</source>
        <translation>L’hôte du stockage est là, mais rien ne répond sur ce port.</translation>
    </message>
    <message>
        <source>The storage&apos;s list of a folder broke off.</source>
        <translation>La liste d’un dossier donnée par le stockage s’est interrompue.</translation>
    </message>
    <message>
        <source>The storage&apos;s list of a folder cannot be read.</source>
        <translation>La liste d’un dossier donnée par le stockage est illisible.</translation>
    </message>
    <message>
        <source>The storage&apos;s list of a folder ends with an error.</source>
        <translation>La liste d’un dossier donnée par le stockage finit par une erreur.</translation>
    </message>
    <message>
        <source>The storage&apos;s list of a folder is refused: %1.</source>
        <translation>La liste d’un dossier donnée par le stockage est refusée&#xa0;: %1.</translation>
    </message>
    <message>
        <source>The store %1 belongs to another spread, or to one with another k.</source>
        <translation>Le stockage %1 appartient à une autre répartition, ou à une avec un autre k.</translation>
    </message>
    <message>
        <source>The store %1 is empty, or no longer the one that it was.</source>
        <translation>Le stockage %1 est vide, ou n’est plus celui qu’il était.</translation>
    </message>
    <message>
        <source>The store %1 is one that the spread has already.</source>
        <translation>Le stockage %1 fait déjà partie de la répartition.</translation>
    </message>
    <message>
        <source>The store folder</source>
        <translation>Le dossier de stockage</translation>
    </message>
    <message>
        <source>The stores disagree about it, and no content is in most of them</source>
        <translation>Les stockages ne sont pas d’accord à son sujet, et aucun contenu n’est dans la plupart d’entre eux</translation>
    </message>
    <message>
        <source>The style in an S3 address is path or virtual.</source>
        <translation>Le style dans une adresse S3 est path ou virtual.</translation>
    </message>
    <message>
        <source>The test itself failed: %1.</source>
        <translation>L’essai lui-même a échoué&#xa0;: %1.</translation>
    </message>
    <message>
        <source>The token for the storage does not allow that.</source>
        <translation>Le jeton du stockage ne le permet pas.</translation>
    </message>
    <message>
        <source>The transfer queue</source>
        <translation>La file des transferts</translation>
    </message>
    <message>
        <source>The upload of %1 vanished from the storage.</source>
        <translation>L’envoi de %1 a disparu du stockage.</translation>
    </message>
    <message>
        <source>The user name in the SFTP address cannot be one.</source>
        <translation>Le nom d’utilisateur dans l’adresse SFTP ne peut pas en être un.</translation>
    </message>
    <message>
        <source>The whole locker cannot be copied into itself.</source>
        <translation>Le coffre entier ne peut pas être copié en lui-même.</translation>
    </message>
    <message>
        <source>There are no credentials for the S3 storage.</source>
        <translation>Il n’y a pas d’identifiants pour le stockage S3.</translation>
    </message>
    <message>
        <source>There are several lockers on this machine: %1.</source>
        <translation>Il y a plusieurs coffres sur cet ordinateur&#xa0;: %1.</translation>
    </message>
    <message>
        <source>There is already a locker</source>
        <translation>Il y a déjà un coffre</translation>
    </message>
    <message>
        <source>There is already a locker named %1 here, and it is damaged: %2</source>
        <translation>Il y a déjà ici un coffre nommé %1, et il est endommagé&#xa0;: %2</translation>
    </message>
    <message>
        <source>There is already a locker named %1 on this machine.</source>
        <translation>Il y a déjà un coffre nommé %1 sur cet ordinateur.</translation>
    </message>
    <message>
        <source>There is more to keep than the %1 bytes of a key file.</source>
        <translation>Il y a plus à garder que les %1 octets d’un fichier de clés.</translation>
    </message>
    <message>
        <source>There is no AWS profile %1.</source>
        <translation>Il n’y a pas de profil AWS %1.</translation>
    </message>
    <message>
        <source>There is no S3 bucket %1 here.</source>
        <translation>Il n’y a pas de bucket S3 %1 ici.</translation>
    </message>
    <message>
        <source>There is no folder “%1”.</source>
        <translation>Il n’y a pas de dossier «&#xa0;%1&#xa0;».</translation>
    </message>
    <message>
        <source>There is no locker in the storage %1 now.</source>
        <translation>Il n’y a pas de coffre dans le stockage %1 en ce moment.</translation>
    </message>
    <message>
        <source>There is no locker named %1 on this machine.</source>
        <translation>Il n’y a pas de coffre nommé %1 sur cet ordinateur.</translation>
    </message>
    <message>
        <source>There is no locker on this machine.</source>
        <translation>Il n’y a pas de coffre sur cet ordinateur.</translation>
    </message>
    <message>
        <source>There is no port %1.</source>
        <translation>Il n’y a pas de port %1.</translation>
    </message>
    <message>
        <source>There is no room left for %1.</source>
        <translation>Il n’y a plus de place pour %1.</translation>
    </message>
    <message>
        <source>There is no room left on this disk.</source>
        <translation>Il n’y a plus de place sur ce disque.</translation>
    </message>
    <message>
        <source>There is no setting named %1.</source>
        <translation>Il n’y a pas de réglage nommé %1.</translation>
    </message>
    <message>
        <source>There is no such link</source>
        <translation>Ce lien n’existe pas</translation>
    </message>
    <message>
        <source>There is no such link at this address.</source>
        <translation>Il n’y a pas de tel lien à cette adresse.</translation>
    </message>
    <message>
        <source>There is no such link.</source>
        <translation>Ce lien n’existe pas.</translation>
    </message>
    <message>
        <source>There is no such problem any more.</source>
        <translation>Ce problème n’existe plus.</translation>
    </message>
    <message>
        <source>There is no such sync pair.</source>
        <translation>Il n’y a pas de telle paire synchronisée.</translation>
    </message>
    <message>
        <source>There is no “%1” in “%2”.</source>
        <translation>Il n’y a pas de «&#xa0;%1&#xa0;» dans «&#xa0;%2&#xa0;».</translation>
    </message>
    <message>
        <source>There is not enough room on this disk for it.</source>
        <translation>Il n’y a pas assez de place sur ce disque pour ce fichier.</translation>
    </message>
    <message>
        <source>There is nothing at this link any more: it was taken back, or never was.</source>
        <translation>Il n’y a plus rien derrière ce lien&#xa0;: il a été révoqué, ou n’a jamais existé.</translation>
    </message>
    <message>
        <source>These credentials are for another kind of storage.</source>
        <translation>Ces identifiants sont pour un autre type de stockage.</translation>
    </message>
    <message>
        <source>These stores hold no spread.</source>
        <translation>Ces stockages ne contiennent pas de répartition.</translation>
    </message>
    <message>
        <source>They are sent again at the next try.</source>
        <translation>Ils sont renvoyés à la prochaine tentative.</translation>
    </message>
    <message>
        <source>They need the rights s3:PutObject and s3:DeleteObject.</source>
        <translation>Ils doivent avoir les droits s3:PutObject et s3:DeleteObject.</translation>
    </message>
    <message>
        <source>This copy of MegaDesk was built without the page for links.</source>
        <translation>Cette copie de MegaDesk a été construite sans la page des liens.</translation>
    </message>
    <message>
        <source>This device cannot remove itself.</source>
        <translation>Cet appareil ne peut pas se retirer lui-même.</translation>
    </message>
    <message>
        <source>This device was removed from the locker by another one.</source>
        <translation>Cet appareil a été retiré du coffre par un autre.</translation>
    </message>
    <message>
        <source>This disk takes it and “%1” for the same name.</source>
        <translation>Ce disque le confond avec «&#xa0;%1&#xa0;».</translation>
    </message>
    <message>
        <source>This download has lasted longer than the server lets one. Open the link again.</source>
        <translation>Ce téléchargement a duré plus longtemps que le serveur ne le permet. Ouvrez le lien de nouveau.</translation>
    </message>
    <message>
        <source>This folder has too many files for one link.</source>
        <translation>Ce dossier a trop de fichiers pour un seul lien.</translation>
    </message>
    <message>
        <source>This is not an SFTP address.</source>
        <translation>Ce n’est pas une adresse SFTP.</translation>
    </message>
    <message>
        <source>This link does not exist any more.</source>
        <translation>Ce lien n’existe plus.</translation>
    </message>
    <message>
        <source>This link has expired.</source>
        <translation>Ce lien a expiré.</translation>
    </message>
    <message>
        <source>This link has expired: its signature is no longer valid.</source>
        <translation>Ce lien a expiré&#xa0;: sa signature n’est plus valable.</translation>
    </message>
    <message>
        <source>This link is of a version that this program does not know.</source>
        <translation>Ce lien est d’une version que ce programme ne connaît pas.</translation>
    </message>
    <message>
        <source>This link needs a password.</source>
        <translation>Ce lien demande un mot de passe.</translation>
    </message>
    <message>
        <source>This link was downloaded as often as it may be.</source>
        <translation>Ce lien a été téléchargé autant de fois qu’il peut l’être.</translation>
    </message>
    <message>
        <source>This link was taken back by who made it.</source>
        <translation>Ce lien a été retiré par qui l’a créé.</translation>
    </message>
    <message>
        <source>This locker is in format version %1, which this program does not know.</source>
        <translation>Ce coffre est au format %1, que ce programme ne connaît pas.</translation>
    </message>
    <message>
        <source>This locker&apos;s storage cannot serve links by itself, and this computer does not at the moment.</source>
        <translation>Le stockage de ce coffre ne peut pas servir de liens lui-même, et cet ordinateur ne le fait pas en ce moment.</translation>
    </message>
    <message>
        <source>This recovery key is of a version that this program does not know.</source>
        <translation>Cette clé de récupération est d’une version que ce programme ne connaît pas.</translation>
    </message>
    <message>
        <source>This recovery key is well-formed, but belongs to another locker.</source>
        <translation>Cette clé de récupération est bien formée, mais appartient à un autre coffre.</translation>
    </message>
    <message>
        <source>This storage already holds a locker.</source>
        <translation>Ce stockage contient déjà un coffre.</translation>
    </message>
    <message>
        <source>This storage cannot sign addresses.</source>
        <translation>Ce stockage ne peut pas signer d’adresses.</translation>
    </message>
    <message>
        <source>This storage does not serve links.</source>
        <translation>Ce stockage ne sert pas de liens.</translation>
    </message>
    <message>
        <source>This storage holds no MegaDesk locker.</source>
        <translation>Ce stockage ne contient pas de coffre MegaDesk.</translation>
    </message>
    <message>
        <source>This storage holds something that is not a MegaDesk locker.</source>
        <translation>Ce stockage contient quelque chose qui n’est pas un coffre MegaDesk.</translation>
    </message>
    <message>
        <source>This store could not be looked at. %1</source>
        <translation>Impossible de regarder dans ce stockage. %1</translation>
    </message>
    <message>
        <source>This system does not allow such a name.</source>
        <translation>Ce système ne permet pas un tel nom.</translation>
    </message>
    <message>
        <source>Too few shares of it are there and agree</source>
        <translation>Trop peu de ses parts sont là et concordent</translation>
    </message>
    <message>
        <source>Too few stores deleted the object %1</source>
        <translation>Trop peu de stockages ont supprimé l’objet %1</translation>
    </message>
    <message>
        <source>Too few stores made durable what was written</source>
        <translation>Trop peu de stockages ont rendu durable ce qui a été écrit</translation>
    </message>
    <message>
        <source>Too few stores took the object %1</source>
        <translation>Trop peu de stockages ont pris l’objet %1</translation>
    </message>
    <message>
        <source>Too many levels of symbolic links</source>
        <translation>Trop de niveaux de liens symboliques</translation>
    </message>
    <message>
        <source>Too many open files</source>
        <translation>Trop de fichiers ouverts</translation>
    </message>
    <message>
        <source>Too many shares of the object %1 are damaged (%2).</source>
        <translation>Trop de parts de l’objet %1 sont endommagées (%2).</translation>
    </message>
    <message>
        <source>Transport endpoint is not connected</source>
        <translation>Le dossier réseau n’est plus connecté</translation>
    </message>
    <message>
        <source>Try again when the network or the server has less to do.</source>
        <translation>Réessayez quand le réseau ou le serveur est moins chargé.</translation>
    </message>
    <message>
        <source>Try again when the other stores are there.</source>
        <translation>Réessayez quand les autres stockages sont là.</translation>
    </message>
    <message>
        <source>Try again; capitals and spaces count.</source>
        <translation>Réessayez&#x202f;; majuscules et espaces comptent.</translation>
    </message>
    <message>
        <source>Try again; if you have lost it, the recovery key opens the locker.</source>
        <translation>Réessayez&#x202f;; si vous l’avez perdue, la clé de récupération ouvre le coffre.</translation>
    </message>
    <message>
        <source>Two lockers here are named %1: %2.</source>
        <translation>Deux coffres d’ici se nomment %1&#xa0;: %2.</translation>
    </message>
    <message>
        <source>Unlock it first.</source>
        <translation>Déverrouillez-le d’abord.</translation>
    </message>
    <message>
        <source>Update MegaDesk here and there.</source>
        <translation>Mettez MegaDesk à jour ici et là-bas.</translation>
    </message>
    <message>
        <source>Update MegaDesk, or rebuild the index from the store.</source>
        <translation>Mettez MegaDesk à jour, ou reconstruisez l’index depuis le stockage.</translation>
    </message>
    <message>
        <source>Update MegaDesk.</source>
        <translation>Mettez MegaDesk à jour.</translation>
    </message>
    <message>
        <source>Use one of the copies only; join the locker anew from the other.</source>
        <translation>N’utilisez qu’une des copies&#x202f;; rejoignez à nouveau le coffre depuis l’autre.</translation>
    </message>
    <message>
        <source>Use small letters, digits, &apos;-&apos;, &apos;_&apos; and &apos;.&apos;.</source>
        <translation>Utilisez minuscules, chiffres, &apos;-&apos;, &apos;_&apos; et &apos;.&apos;.</translation>
    </message>
    <message>
        <source>Use the MegaDesk that wrote it, or a newer one.</source>
        <translation>Utilisez le MegaDesk qui l’a écrit, ou un plus récent.</translation>
    </message>
    <message>
        <source>Wait until it has finished, or close it, and try again.</source>
        <translation>Attendez qu’il ait fini, ou fermez-le, et réessayez.</translation>
    </message>
    <message>
        <source>What answers at the storage&apos;s address is not WebDAV (status %1).</source>
        <translation>Ce qui répond à l’adresse du stockage n’est pas du WebDAV (statut %1).</translation>
    </message>
    <message>
        <source>What answers at the storage&apos;s address is not a MegaDesk server.</source>
        <translation>Ce qui répond à l’adresse du stockage n’est pas un serveur MegaDesk.</translation>
    </message>
    <message>
        <source>What answers for the storage is not its server.</source>
        <translation>Ce qui répond pour le stockage n’est pas son serveur.</translation>
    </message>
    <message>
        <source>What is at the link&apos;s address is no page of MegaDesk&apos;s links.</source>
        <translation>Ce qui est à l’adresse du lien n’est pas une page de liens de MegaDesk.</translation>
    </message>
    <message>
        <source>What is at the link&apos;s place is not what was put there.</source>
        <translation>Ce qui est à la place du lien n’est pas ce qui y a été mis.</translation>
    </message>
    <message>
        <source>What the SFTP address names is not a folder.</source>
        <translation>Ce que nomme l’adresse SFTP n’est pas un dossier.</translation>
    </message>
    <message>
        <source>What this link showed is not there any more.</source>
        <translation>Ce que montrait ce lien n’est plus là.</translation>
    </message>
    <message>
        <source>Where the storage is public is not known.</source>
        <translation>On ne sait pas où le stockage est public.</translation>
    </message>
    <message>
        <source>Windows Credential Manager</source>
        <translation>Windows Credential Manager</translation>
    </message>
    <message>
        <source>Write it as sftp://user@host/absolute/path or sftp://user@host/~/path/below/home.</source>
        <translation>Écrivez-la sous la forme sftp://user@host/absolute/path ou sftp://user@host/~/path/below/home.</translation>
    </message>
    <message>
        <source>Write region=%1 into the address, or check the endpoint: redirects are not followed.</source>
        <translation>Écrivez region=%1 dans l’adresse, ou vérifiez le point d’accès&#xa0;: les redirections ne sont pas suivies.</translation>
    </message>
    <message>
        <source>Write s3://bucket/folder?endpoint=https://host&amp;region=name .</source>
        <translation>Écrivez s3://bucket/folder?endpoint=https://host&amp;region=name .</translation>
    </message>
    <message>
        <source>Write spread:?k=2&amp;store=ADDRESS&amp;store=ADDRESS&amp;store=ADDRESS, each address percent-encoded.</source>
        <translation>Écrivez spread:?k=2&amp;store=ADDRESS&amp;store=ADDRESS&amp;store=ADDRESS, chaque adresse codée en pourcents.</translation>
    </message>
    <message>
        <source>a change to a fixed folder</source>
        <translation>un changement d’un dossier fixe</translation>
    </message>
    <message>
        <source>a device, a pipe or a socket</source>
        <translation>un périphérique, un tube ou une socket</translation>
    </message>
    <message>
        <source>a document type</source>
        <translation>un type de document</translation>
    </message>
    <message>
        <source>a file whose size and slices differ</source>
        <translation>un fichier dont la taille et les morceaux diffèrent</translation>
    </message>
    <message>
        <source>a form that is not the shortest</source>
        <translation>une forme qui n’est pas la plus courte</translation>
    </message>
    <message>
        <source>a key for nobody</source>
        <translation>une clé pour personne</translation>
    </message>
    <message>
        <source>a link of which nothing is known</source>
        <translation>un lien dont on ne sait rien</translation>
    </message>
    <message>
        <source>a link under another&apos;s id</source>
        <translation>un lien sous l’identifiant d’un autre</translation>
    </message>
    <message>
        <source>a mark that its first item contradicts</source>
        <translation>une marque que contredit son premier élément</translation>
    </message>
    <message>
        <source>a name that is not a name</source>
        <translation>un nom qui n’en est pas un</translation>
    </message>
    <message>
        <source>a name twice in one folder</source>
        <translation>un nom deux fois dans un dossier</translation>
    </message>
    <message>
        <source>a node created in the trash</source>
        <translation>un nœud créé dans la corbeille</translation>
    </message>
    <message>
        <source>a node whose kind and content differ</source>
        <translation>un nœud dont le genre et le contenu diffèrent</translation>
    </message>
    <message>
        <source>a pack twice</source>
        <translation>un paquet deux fois</translation>
    </message>
    <message>
        <source>a slice that is in no pack</source>
        <translation>un morceau qui n’est dans aucun paquet</translation>
    </message>
    <message>
        <source>a slice that reaches out of its pack</source>
        <translation>un morceau qui dépasse de son paquet</translation>
    </message>
    <message>
        <source>a version that differs from its content</source>
        <translation>une version qui diffère de son contenu</translation>
    </message>
    <message>
        <source>an item inside one that is no folder</source>
        <translation>un élément dans un autre qui n’est pas un dossier</translation>
    </message>
    <message>
        <source>an item that is in no folder</source>
        <translation>un élément qui n’est dans aucun dossier</translation>
    </message>
    <message>
        <source>an item whose kind and content differ</source>
        <translation>un élément dont le genre et le contenu diffèrent</translation>
    </message>
    <message>
        <source>another disk is mounted here now</source>
        <translation>un autre disque est monté ici maintenant</translation>
    </message>
    <message>
        <source>another disk was here before</source>
        <translation>un autre disque était ici avant</translation>
    </message>
    <message>
        <source>another part of this program</source>
        <translation>une autre partie de ce programme</translation>
    </message>
    <message>
        <source>another process</source>
        <translation>un autre processus</translation>
    </message>
    <message>
        <source>another process (number %1)</source>
        <translation>un autre processus (numéro %1)</translation>
    </message>
    <message>
        <source>The storage asks to go slower.</source>
        <translation>Le stockage demande d’aller moins vite.</translation>
    </message>
    <message>
        <source>check it</source>
        <translation>le vérifier</translation>
    </message>
    <message>
        <source>credentials of the storage</source>
        <translation>identifiants du stockage</translation>
    </message>
    <message>
        <source>disk full</source>
        <translation>disque plein</translation>
    </message>
    <message>
        <source>The S3 server does not accept the secret key.</source>
        <translation>Le serveur S3 n’accepte pas la clé secrète.</translation>
    </message>
    <message>
        <source>The S3 server does not accept the session token.</source>
        <translation>Le serveur S3 n’accepte pas le jeton de session.</translation>
    </message>
    <message>
        <source>The S3 server does not know the access key.</source>
        <translation>Le serveur S3 ne connaît pas la clé d’accès.</translation>
    </message>
    <message>
        <source>folder %1</source>
        <translation>dossier %1</translation>
    </message>
    <message>
        <source>folders nested too deep</source>
        <translation>des dossiers trop imbriqués</translation>
    </message>
    <message>
        <source>for the object %1</source>
        <translation>pour l’objet %1</translation>
    </message>
    <message>
        <source>The storage has locked the object.</source>
        <translation>Le stockage a verrouillé l’objet.</translation>
    </message>
    <message>
        <source>The S3 server has put the object into an archive.</source>
        <translation>Le serveur S3 a mis l’objet dans une archive.</translation>
    </message>
    <message>
        <source>The storage is busy or under maintenance.</source>
        <translation>Le stockage est occupé ou en maintenance.</translation>
    </message>
    <message>
        <source>it is not text</source>
        <translation>ce n’est pas du texte</translation>
    </message>
    <message>
        <source>it is of version %1, which this MegaDesk does not know.</source>
        <translation>il est de la version %1, que ce MegaDesk ne connaît pas.</translation>
    </message>
    <message>
        <source>its certificate is not valid</source>
        <translation>son certificat n’est pas valable</translation>
    </message>
    <message>
        <source>key file</source>
        <translation>fichier de clés</translation>
    </message>
    <message>
        <source>link record</source>
        <translation>fiche de lien</translation>
    </message>
    <message>
        <source>list it</source>
        <translation>l’énumérer</translation>
    </message>
    <message>
        <source>list of entries</source>
        <translation>liste des entrées</translation>
    </message>
    <message>
        <source>log entry</source>
        <translation>entrée de journal</translation>
    </message>
    <message>
        <source>look for the object %1</source>
        <translation>chercher l’objet %1</translation>
    </message>
    <message>
        <source>more or fewer addresses than packs</source>
        <translation>plus ou moins d’adresses que de paquets</translation>
    </message>
    <message>
        <source>no answer in %1 s</source>
        <translation>pas de réponse en %1 s</translation>
    </message>
    <message>
        <source>no space</source>
        <translation>plus de place</translation>
    </message>
    <message>
        <source>no status</source>
        <translation>pas de statut</translation>
    </message>
    <message>
        <source>none is known for this system</source>
        <translation>aucun n’est connu pour ce système</translation>
    </message>
    <message>
        <source>not a multistatus</source>
        <translation>pas un multistatus</translation>
    </message>
    <message>
        <source>not an absolute href</source>
        <translation>pas de href absolu</translation>
    </message>
    <message>
        <source>not such a file</source>
        <translation>n’est pas un tel fichier</translation>
    </message>
    <message>
        <source>pairing code</source>
        <translation>code d’association</translation>
    </message>
    <message>
        <source>profile %1</source>
        <translation>profil %1</translation>
    </message>
    <message>
        <source>read the object %1</source>
        <translation>lire l’objet %1</translation>
    </message>
    <message>
        <source>The S3 server says that the session token has expired.</source>
        <translation>Le serveur S3 dit que le jeton de session a expiré.</translation>
    </message>
    <message>
        <source>The S3 server says that there is a problem with the account.</source>
        <translation>Le serveur S3 dit qu’il y a un problème avec le compte.</translation>
    </message>
    <message>
        <source>slice list</source>
        <translation>liste des morceaux</translation>
    </message>
    <message>
        <source>spread over several stores</source>
        <translation>réparti sur plusieurs stockages</translation>
    </message>
    <message>
        <source>status %1</source>
        <translation>statut %1</translation>
    </message>
    <message>
        <source>the index</source>
        <translation>l’index</translation>
    </message>
    <message>
        <source>the key file</source>
        <translation>le fichier de clés</translation>
    </message>
    <message>
        <source>the link cannot be read</source>
        <translation>le lien est illisible</translation>
    </message>
    <message>
        <source>the locker&apos;s id is not one.</source>
        <translation>l’identifiant du coffre n’en est pas un.</translation>
    </message>
    <message>
        <source>the new entry</source>
        <translation>la nouvelle entrée</translation>
    </message>
    <message>
        <source>the new link</source>
        <translation>le nouveau lien</translation>
    </message>
    <message>
        <source>the pairing code</source>
        <translation>le code d’association</translation>
    </message>
    <message>
        <source>this device</source>
        <translation>cet appareil</translation>
    </message>
    <message>
        <source>this user</source>
        <translation>cet utilisateur</translation>
    </message>
    <message>
        <source>to this request</source>
        <translation>à cette requête</translation>
    </message>
    <message>
        <source>too deep</source>
        <translation>trop profond</translation>
    </message>
    <message>
        <source>too long</source>
        <translation>trop long</translation>
    </message>
    <message>
        <source>too long a tag</source>
        <translation>une balise trop longue</translation>
    </message>
    <message>
        <source>too long a text</source>
        <translation>un texte trop long</translation>
    </message>
    <message>
        <source>too many entries</source>
        <translation>trop d’entrées</translation>
    </message>
    <message>
        <source>“%1” cannot be put into itself.</source>
        <translation>«&#xa0;%1&#xa0;» ne peut pas être mis dans lui-même.</translation>
    </message>
    <message>
        <source>“%1” has no such version.</source>
        <translation>«&#xa0;%1&#xa0;» n’a pas de telle version.</translation>
    </message>
    <message>
        <source>“%1” holds a character that names cannot hold.</source>
        <translation>«&#xa0;%1&#xa0;» contient un caractère interdit dans les noms.</translation>
    </message>
    <message>
        <source>“%1” holds characters that cannot be written.</source>
        <translation>«&#xa0;%1&#xa0;» contient des caractères qui ne peuvent pas être écrits.</translation>
    </message>
    <message>
        <source>“%1” is not a folder.</source>
        <translation>«&#xa0;%1&#xa0;» n’est pas un dossier.</translation>
    </message>
    <message>
        <source>“%1” is not a name.</source>
        <translation>«&#xa0;%1&#xa0;» n’est pas un nom.</translation>
    </message>
    <message>
        <source>“%1” is there already, and is not a folder.</source>
        <translation>«&#xa0;%1&#xa0;» existe déjà et n’est pas un dossier.</translation>
    </message>
    <message>
        <source>“%1” is there already.</source>
        <translation>«&#xa0;%1&#xa0;» existe déjà.</translation>
    </message>
    <message>
        <source>“%1…” is %2 bytes long; names have at most %3.</source>
        <translation>«&#xa0;%1…&#xa0;» fait %2 octets&#xa0;; les noms en ont au plus %3.</translation>
    </message>
</context>
<context>
    <name>pages</name>
    <message>
        <source>Files</source>
        <translation>Fichiers</translation>
    </message>
    <message>
        <source>Recent</source>
        <translation>Récents</translation>
    </message>
    <message>
        <source>Transfers</source>
        <translation>Transferts</translation>
    </message>
    <message>
        <source>Links</source>
        <translation>Liens</translation>
    </message>
    <message>
        <source>Sync</source>
        <translation>Synchronisation</translation>
    </message>
    <message>
        <source>Computers</source>
        <translation>Ordinateurs</translation>
    </message>
    <message>
        <source>Which computers use the locker</source>
        <translation>Quels ordinateurs utilisent le coffre</translation>
    </message>
    <message>
        <source>Trash</source>
        <translation>Corbeille</translation>
    </message>
    <message>
        <source>Storage</source>
        <translation>Stockage</translation>
    </message>
    <message>
        <source>How the storage does, and what it sees</source>
        <translation>Comment va le stockage, et ce qu’il voit</translation>
    </message>
    <message>
        <source>Sett&amp;ings</source>
        <translation>Ré&amp;glages</translation>
    </message>
    <message>
        <source>Settings (Ctrl+,)</source>
        <translation>Réglages (Ctrl+,)</translation>
    </message>
    <message>
        <source>Copy &amp;link</source>
        <translation>Copier le &amp;lien</translation>
    </message>
    <message>
        <source>S&amp;hare…</source>
        <translation>&amp;Partager…</translation>
    </message>
</context>
<context>
    <name>reencrypt</name>
    <message>
        <source>Files with a conflict wait until it is settled.</source>
        <translation>Les fichiers en conflit attendent qu’il soit réglé.</translation>
    </message>
    <message>
        <source>Links made before show what they showed: take them back, and make them anew.</source>
        <translation>Les liens créés auparavant montrent toujours la même chose&#xa0;: retirez-les et créez-en d’autres.</translation>
    </message>
    <message>
        <source>It begins when transfers leave it room.</source>
        <translation>Cela commence dès que les transferts laissent de la place.</translation>
    </message>
    <message>
        <source>It waits: %1</source>
        <translation>En attente&#xa0;: %1</translation>
    </message>
    <message>
        <source>%1 of %2; transfers go first.</source>
        <translation>%1 sur %2&#x202f;; les transferts passent d’abord.</translation>
    </message>
    <message>
        <source>Encrypting anew</source>
        <translation>Nouveau chiffrement en cours</translation>
    </message>
    <message>
        <source>Removed computers can read none of the files</source>
        <translation>Les ordinateurs retirés ne peuvent lire aucun des fichiers</translation>
    </message>
    <message>
        <source>1 file can still be read by removed computers (%2)</source>
        <translation>1 fichier reste lisible pour les ordinateurs retirés (%2)</translation>
    </message>
    <message>
        <source>%1 files can still be read by removed computers (%2)</source>
        <translation>%1 fichiers restent lisibles pour les ordinateurs retirés (%2)</translation>
    </message>
    <message>
        <source>They had the keys, and may have copied what they could read: nothing helps against that. Encrypting it anew keeps them from reading it later in the storage. All of it is sent once more, in the background.</source>
        <translation>Ils avaient les clés et ont peut-être copié ce qu’ils pouvaient lire&#xa0;: contre cela, rien n’aide. Le chiffrer à nouveau les empêche de le lire plus tard dans le stockage. Tout est renvoyé une fois, en arrière‑plan.</translation>
    </message>
</context>
<context>
    <name>remote</name>
    <message>
        <source>header of the locker</source>
        <translation>en-tête du coffre</translation>
    </message>
    <message>
        <source>a computer was let in</source>
        <translation>un ordinateur a été admis</translation>
    </message>
    <message>
        <source>something was changed</source>
        <translation>quelque chose a changé</translation>
    </message>
    <message>
        <source>pieces of files, padded</source>
        <translation>morceaux de fichiers, complétés</translation>
    </message>
    <message>
        <source>state of the tree, for newcomers</source>
        <translation>état de l’arbre, pour les nouveaux</translation>
    </message>
    <message>
        <source>a link</source>
        <translation>un lien</translation>
    </message>
    <message>
        <source>not MegaDesk’s</source>
        <translation>pas de MegaDesk</translation>
    </message>
    <message>
        <source>{0} objects, {1}</source>
        <translation>{0} objets, {1}</translation>
    </message>
    <message>
        <source>the first {0} objects, {1}</source>
        <translation>les {0} premiers objets, {1}</translation>
    </message>
</context>
<context>
    <name>setup</name>
    <message>
        <source>Four or more unrelated words are strong and easy to type.</source>
        <translation>Quatre mots sans rapport ou plus&#xa0;: solide et facile à taper.</translation>
    </message>
    <message>
        <source>Weak: quickly guessed by somebody who copies your disk.</source>
        <translation>Faible&#xa0;: vite devinée par qui copie votre disque.</translation>
    </message>
    <message>
        <source>Fair: another word would help.</source>
        <translation>Moyenne&#xa0;: un mot de plus aiderait.</translation>
    </message>
    <message>
        <source>Good.</source>
        <translation>Bonne.</translation>
    </message>
    <message>
        <source>Strong.</source>
        <translation>Solide.</translation>
    </message>
    <message>
        <source>Locker</source>
        <translation>Coffre</translation>
    </message>
    <message>
        <source>Making the locker…</source>
        <translation>Création du coffre…</translation>
    </message>
    <message>
        <source>That is not the key</source>
        <translation>Ce n’est pas la clé</translation>
    </message>
    <message>
        <source>Group %1 does not match.</source>
        <translation>Le groupe %1 ne correspond pas.</translation>
    </message>
    <message>
        <source>Neither group matches.</source>
        <translation>Aucun des deux groupes ne correspond.</translation>
    </message>
    <message>
        <source>Compare with what you saved, or go back to see the key again.</source>
        <translation>Comparez avec ce que vous avez gardé, ou revenez voir la clé.</translation>
    </message>
    <message>
        <source>Reading the locker…</source>
        <translation>Lecture du coffre…</translation>
    </message>
    <message>
        <source>Setting the passphrase…</source>
        <translation>Mise en place de la phrase secrète…</translation>
    </message>
</context>
<context>
    <name>storage</name>
    <message>
        <source>This computer</source>
        <translation>Cet ordinateur</translation>
    </message>
    <message>
        <source>Nextcloud</source>
        <translation>Nextcloud</translation>
    </message>
    <message>
        <source>WebDAV</source>
        <translation>WebDAV</translation>
    </message>
    <message>
        <source>S3 bucket</source>
        <translation>Bucket S3</translation>
    </message>
    <message>
        <source>SFTP (SSH)</source>
        <translation>SFTP (SSH)</translation>
    </message>
    <message>
        <source>MegaDesk server</source>
        <translation>Serveur MegaDesk</translation>
    </message>
    <message>
        <source>Several at once</source>
        <translation>Plusieurs à la fois</translation>
    </message>
    <message>
        <source>A folder that holds only encrypted objects: here, on a drive, on a NAS.</source>
        <translation>Un dossier qui ne contient que des objets chiffrés&#xa0;: ici, sur un disque, sur un NAS.</translation>
    </message>
    <message>
        <source>A folder in your Nextcloud or ownCloud. Make an app password under Settings, Security.</source>
        <translation>Un dossier de votre Nextcloud ou ownCloud. Créez un mot de passe d’application sous Paramètres, Sécurité.</translation>
    </message>
    <message>
        <source>A folder on any WebDAV server, such as a NAS or a hoster’s web space.</source>
        <translation>Un dossier sur un serveur WebDAV, par exemple un NAS ou l’espace d’un hébergeur.</translation>
    </message>
    <message>
        <source>A bucket at Amazon or anybody who speaks S3. Make the bucket first.</source>
        <translation>Un bucket chez Amazon ou quiconque parle S3. Créez d’abord le bucket.</translation>
    </message>
    <message>
        <source>A folder on a computer where you have an account by SSH.</source>
        <translation>Un dossier sur un ordinateur où vous avez un compte SSH.</translation>
    </message>
    <message>
        <source>A computer that runs “megadesk serve”. It shows the token when it starts.</source>
        <translation>Un ordinateur qui exécute «&#xa0;megadesk serve&#xa0;». Il montre le jeton à son démarrage.</translation>
    </message>
    <message>
        <source>The locker lies in pieces on several storages; some of them may fail or vanish.</source>
        <translation>Le coffre est réparti en morceaux sur plusieurs stockages&#x202f;; certains peuvent tomber ou disparaître.</translation>
    </message>
    <message>
        <source>Pass&amp;word</source>
        <translation>&amp;Mot de passe</translation>
    </message>
    <message>
        <source>&amp;User</source>
        <translation>&amp;Utilisateur</translation>
    </message>
    <message>
        <source>&amp;Folder</source>
        <translation>&amp;Dossier</translation>
    </message>
    <message>
        <source>Ser&amp;ver</source>
        <translation>Ser&amp;veur</translation>
    </message>
    <message>
        <source>App pass&amp;word</source>
        <translation>&amp;Mot de passe d’application</translation>
    </message>
    <message>
        <source>&amp;Folder in it</source>
        <translation>&amp;Dossier dedans</translation>
    </message>
    <message>
        <source>&amp;Endpoint</source>
        <translation>Po&amp;int d’accès</translation>
    </message>
    <message>
        <source>empty: Amazon</source>
        <translation>vide&#xa0;: Amazon</translation>
    </message>
    <message>
        <source>&amp;Secret key</source>
        <translation>Clé &amp;secrète</translation>
    </message>
    <message>
        <source>&amp;Host</source>
        <translation>&amp;Hôte</translation>
    </message>
    <message>
        <source>host or host:port</source>
        <translation>hôte ou hôte:port</translation>
    </message>
    <message>
        <source>below your home folder there</source>
        <translation>sous votre dossier personnel là-bas</translation>
    </message>
    <message>
        <source>empty: the usual ones</source>
        <translation>vide&#xa0;: les fichiers habituels</translation>
    </message>
    <message>
        <source>empty: by key</source>
        <translation>vide&#xa0;: par clé</translation>
    </message>
    <message>
        <source>A&amp;ddress</source>
        <translation>A&amp;dresse</translation>
    </message>
    <message>
        <source>B&amp;ucket</source>
        <translation>B&amp;ucket</translation>
    </message>
    <message>
        <source>Re&amp;gion</source>
        <translation>Ré&amp;gion</translation>
    </message>
    <message>
        <source>A&amp;ccess key</source>
        <translation>Clé d’&amp;accès</translation>
    </message>
    <message>
        <source>Ke&amp;y file</source>
        <translation>Fichier de cl&amp;é</translation>
    </message>
    <message>
        <source>Toke&amp;n</source>
        <translation>Jeto&amp;n</translation>
    </message>
    <message>
        <source>This is needed.</source>
        <translation>C’est nécessaire.</translation>
    </message>
    <message>
        <source>It begins with https:// (or http:// in your own network).</source>
        <translation>Elle commence par https:// (ou http:// dans votre propre réseau).</translation>
    </message>
    <message>
        <source>Leave user and password out of the address.</source>
        <translation>Laissez l’utilisateur et le mot de passe hors de l’adresse.</translation>
    </message>
    <message>
        <source>Only the host here, with a port if need be; the rest below.</source>
        <translation>Ici l’hôte seul, avec un port au besoin&#x202f;; le reste en dessous.</translation>
    </message>
    <message>
        <source>Add at least two storages.</source>
        <translation>Ajoutez au moins deux stockages.</translation>
    </message>
    <message>
        <source>Two of the storages are the same.</source>
        <translation>Deux des stockages sont identiques.</translation>
    </message>
    <message>
        <source>So many storages are not there.</source>
        <translation>Il n’y a pas autant de stockages.</translation>
    </message>
    <message>
        <source>The storage works</source>
        <translation>Le stockage fonctionne</translation>
    </message>
    <message>
        <source>It works, and a locker is there</source>
        <translation>Il fonctionne, et contient un coffre</translation>
    </message>
    <message>
        <source>The address cannot be right</source>
        <translation>L’adresse ne peut pas être juste</translation>
    </message>
    <message>
        <source>No such computer is known</source>
        <translation>Aucun ordinateur connu sous ce nom</translation>
    </message>
    <message>
        <source>The computer is there, but nothing answers at that port</source>
        <translation>L’ordinateur est là, mais rien ne répond sur ce port</translation>
    </message>
    <message>
        <source>No answer</source>
        <translation>Pas de réponse</translation>
    </message>
    <message>
        <source>The secure connection failed</source>
        <translation>La connexion sécurisée a échoué</translation>
    </message>
    <message>
        <source>This server is new here</source>
        <translation>Ce serveur est nouveau ici</translation>
    </message>
    <message>
        <source>This is not the server it was</source>
        <translation>Ce n’est plus le même serveur</translation>
    </message>
    <message>
        <source>User, password or key is wrong</source>
        <translation>Utilisateur, mot de passe ou clé erronés</translation>
    </message>
    <message>
        <source>There is no such folder or bucket</source>
        <translation>Ce dossier ou bucket n’existe pas</translation>
    </message>
    <message>
        <source>No right to read there</source>
        <translation>Pas le droit d’y lire</translation>
    </message>
    <message>
        <source>No right to write there</source>
        <translation>Pas le droit d’y écrire</translation>
    </message>
    <message>
        <source>This computer’s clock is wrong</source>
        <translation>L’horloge de cet ordinateur est fausse</translation>
    </message>
    <message>
        <source>It is full</source>
        <translation>Il est plein</translation>
    </message>
    <message>
        <source>It is too slow</source>
        <translation>Il est trop lent</translation>
    </message>
    <message>
        <source>What answers there is no such storage</source>
        <translation>Ce qui répond là n’est pas un tel stockage</translation>
    </message>
    <message>
        <source>The test failed</source>
        <translation>L’essai a échoué</translation>
    </message>
    <message>
        <source>It works, but no locker is there</source>
        <translation>Il fonctionne, mais ne contient pas de coffre</translation>
    </message>
    <message>
        <source>A locker is there already: open it with its recovery key</source>
        <translation>Un coffre s’y trouve déjà&#xa0;: ouvrez-le avec sa clé de récupération</translation>
    </message>
    <message>
        <source>{0} free</source>
        <translation>{0} libres</translation>
    </message>
    <message>
        <source>answers in {0} ms</source>
        <translation>répond en {0} ms</translation>
    </message>
</context>
<context>
    <name>sync</name>
    <message>
        <source>Type the whole path, beginning with /.</source>
        <translation>Saisissez le chemin complet, en commençant par /.</translation>
    </message>
    <message>
        <source>Up to date</source>
        <translation>À jour</translation>
    </message>
    <message>
        <source>Syncing…</source>
        <translation>Synchronisation…</translation>
    </message>
    <message>
        <source>Paused</source>
        <translation>Suspendu</translation>
    </message>
    <message>
        <source>Waiting for the storage</source>
        <translation>En attente du stockage</translation>
    </message>
    <message>
        <source>Needs you</source>
        <translation>Demande votre attention</translation>
    </message>
    <message>
        <source>Both ways</source>
        <translation>Dans les deux sens</translation>
    </message>
    <message>
        <source>What changes on either side changes on the other.</source>
        <translation>Ce qui change d’un côté change de l’autre.</translation>
    </message>
    <message>
        <source>To the locker only</source>
        <translation>Vers le coffre seulement</translation>
    </message>
    <message>
        <source>The locker follows this folder; nothing changes here.</source>
        <translation>Le coffre suit ce dossier&#x202f;; rien ne change ici.</translation>
    </message>
    <message>
        <source>From the locker only</source>
        <translation>Depuis le coffre seulement</translation>
    </message>
    <message>
        <source>This folder follows the locker; nothing changes there.</source>
        <translation>Ce dossier suit le coffre&#x202f;; rien n’y change.</translation>
    </message>
    <message>
        <source>Backup</source>
        <translation>Sauvegarde</translation>
    </message>
    <message>
        <source>Everything goes to the locker, and what you delete here stays there.</source>
        <translation>Tout va dans le coffre, et ce que vous supprimez ici y reste.</translation>
    </message>
    <message>
        <source>&amp;Try again</source>
        <translation>&amp;Réessayer</translation>
    </message>
    <message>
        <source>&amp;Delete them in the locker too</source>
        <translation>Les supprimer aussi du co&amp;ffre</translation>
    </message>
    <message>
        <source>Bring &amp;them back here</source>
        <translation>Les &amp;ramener ici</translation>
    </message>
    <message>
        <source>&amp;This is the right folder</source>
        <translation>C’est le &amp;bon dossier</translation>
    </message>
    <message>
        <source>Keep &amp;mine</source>
        <translation>Garder le &amp;mien</translation>
    </message>
    <message>
        <source>Keep t&amp;heirs</source>
        <translation>Garder l’a&amp;utre</translation>
    </message>
    <message>
        <source>Keep &amp;both</source>
        <translation>Garder les &amp;deux</translation>
    </message>
    <message>
        <source>&amp;Leave it out</source>
        <translation>&amp;Laisser de côté</translation>
    </message>
    <message>
        <source>Di&amp;smiss</source>
        <translation>I&amp;gnorer</translation>
    </message>
    <message>
        <source>Syncing %1</source>
        <translation>Synchronisation de %1</translation>
    </message>
    <message>
        <source>Paused for %1</source>
        <translation>Suspendu pour %1</translation>
    </message>
    <message>
        <source>Not compared yet</source>
        <translation>Pas encore comparé</translation>
    </message>
    <message>
        <source>Changed on both sides</source>
        <translation>Modifié des deux côtés</translation>
    </message>
    <message>
        <source>Many files were deleted here</source>
        <translation>Beaucoup de fichiers ont été supprimés ici</translation>
    </message>
    <message>
        <source>The folder is not there</source>
        <translation>Le dossier n’est pas là</translation>
    </message>
    <message>
        <source>Is this the right folder?</source>
        <translation>Est‑ce le bon dossier&#x202f;?</translation>
    </message>
    <message>
        <source>The folder is gone from the locker</source>
        <translation>Le dossier a disparu du coffre</translation>
    </message>
    <message>
        <source>The disk is full</source>
        <translation>Le disque est plein</translation>
    </message>
    <message>
        <source>The locker is read-only</source>
        <translation>Le coffre est en lecture seule</translation>
    </message>
    <message>
        <source>The storage cannot be used</source>
        <translation>Le stockage est inutilisable</translation>
    </message>
    <message>
        <source>Two names that this disk takes for one</source>
        <translation>Deux noms que ce disque confond</translation>
    </message>
    <message>
        <source>A name that this system forbids</source>
        <translation>Un nom que ce système interdit</translation>
    </message>
    <message>
        <source>Not synchronised</source>
        <translation>Non synchronisé</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation>%1&#xa0;: %2</translation>
    </message>
</context>
<context>
    <name>transfers</name>
    <message>
        <source>Uploading %1</source>
        <translation>Envoi de %1</translation>
    </message>
    <message>
        <source>Saving %1</source>
        <translation>Enregistrement de %1</translation>
    </message>
    <message>
        <source>Waiting to upload %1</source>
        <translation>En attente d’envoi&#xa0;: %1</translation>
    </message>
    <message>
        <source>Waiting to save %1</source>
        <translation>En attente d’enregistrement&#xa0;: %1</translation>
    </message>
    <message>
        <source>Paused: upload of %1</source>
        <translation>En pause&#xa0;: envoi de %1</translation>
    </message>
    <message>
        <source>Paused: saving %1</source>
        <translation>En pause&#xa0;: enregistrement de %1</translation>
    </message>
    <message>
        <source>Uploaded %1</source>
        <translation>Envoyé&#xa0;: %1</translation>
    </message>
    <message>
        <source>Saved %1</source>
        <translation>Enregistré&#xa0;: %1</translation>
    </message>
    <message>
        <source>Could not upload %1</source>
        <translation>Échec de l’envoi de %1</translation>
    </message>
    <message>
        <source>Could not save %1</source>
        <translation>Échec de l’enregistrement de %1</translation>
    </message>
    <message>
        <source>Cancelled: upload of %1</source>
        <translation>Abandonné&#xa0;: envoi de %1</translation>
    </message>
    <message>
        <source>Cancelled: saving %1</source>
        <translation>Abandonné&#xa0;: enregistrement de %1</translation>
    </message>
    <message>
        <source>Waiting for its turn</source>
        <translation>Attend son tour</translation>
    </message>
    <message>
        <source>already in the locker</source>
        <translation>déjà dans le coffre</translation>
    </message>
    <message>
        <source>1 file left out</source>
        <translation>1 fichier laissé de côté</translation>
    </message>
    <message>
        <source>%1 files left out</source>
        <translation>%1 fichiers laissés de côté</translation>
    </message>
    <message>
        <source>Counting: %1 so far</source>
        <translation>Comptage&#xa0;: %1 jusqu’ici</translation>
    </message>
    <message>
        <source>Waiting for the storage to confirm %1</source>
        <translation>Attente de la confirmation de %1 par le stockage</translation>
    </message>
    <message>
        <source>Putting %1 into place</source>
        <translation>Mise en place de %1</translation>
    </message>
    <message>
        <source>%1 of %2, %3 of %4</source>
        <translation>%1 sur %2, %3 sur %4</translation>
    </message>
    <message>
        <source>%1 of %2</source>
        <translation>%1 sur %2</translation>
    </message>
    <message>
        <source>at least %1</source>
        <translation>au moins %1</translation>
    </message>
    <message>
        <source>not counted yet</source>
        <translation>pas encore compté</translation>
    </message>
</context>
<context>
    <name>trash</name>
    <message>
        <source>(its folder is gone)</source>
        <translation>(son dossier n’existe plus)</translation>
    </message>
    <message>
        <source>Delete “%1” for good?</source>
        <translation>Supprimer «&#xa0;%1&#xa0;» pour de bon&#x202f;?</translation>
    </message>
    <message>
        <source>Delete all %1 in the trash for good?</source>
        <translation>Supprimer pour de bon les %1 de la corbeille&#x202f;?</translation>
    </message>
    <message>
        <source>Delete %1 for good?</source>
        <translation>Supprimer %1 pour de bon&#x202f;?</translation>
    </message>
    <message>
        <source>Nobody can bring them back, not on any device, nor their older versions.</source>
        <translation>Personne ne pourra les rétablir, sur aucun appareil, ni leurs anciennes versions.</translation>
    </message>
    <message>
        <source>About %1 of the storage are freed by and by.</source>
        <translation>Environ %1 du stockage seront libérés peu à peu.</translation>
    </message>
</context>
<context>
    <name>tray</name>
    <message>
        <source>Locked</source>
        <translation>Verrouillé</translation>
    </message>
    <message>
        <source>1 thing needs you</source>
        <translation>1 point demande votre attention</translation>
    </message>
    <message>
        <source>%1 things need you</source>
        <translation>%1 points demandent votre attention</translation>
    </message>
    <message>
        <source>The storage cannot be reached; work waits</source>
        <translation>Le stockage est injoignable&#x202f;; le travail attend</translation>
    </message>
    <message>
        <source>Syncing…</source>
        <translation>Synchronisation…</translation>
    </message>
    <message>
        <source>Sync is paused</source>
        <translation>La synchronisation est suspendue</translation>
    </message>
    <message>
        <source>Everything is up to date</source>
        <translation>Tout est à jour</translation>
    </message>
    <message>
        <source>Ready</source>
        <translation>Prêt</translation>
    </message>
    <message>
        <source>1 conflict to settle; nothing else is due</source>
        <translation>1 conflit à régler&#x202f;; sinon, tout est à jour</translation>
    </message>
    <message>
        <source>%1 conflicts to settle; nothing else is due</source>
        <translation>%1 conflits à régler&#x202f;; sinon, tout est à jour</translation>
    </message>
    <message>
        <source>Everything works again.</source>
        <translation>Tout fonctionne à nouveau.</translation>
    </message>
    <message>
        <source>MegaDesk goes on in the tray. Quit it from the menu there.</source>
        <translation>MegaDesk continue dans la zone de notification. Quittez-le depuis son menu.</translation>
    </message>
</context>
<context>
    <name>unlock</name>
    <message>
        <source>Type the passphrase of this locker.</source>
        <translation>Tapez la phrase secrète de ce coffre.</translation>
    </message>
    <message>
        <source>The keychain does not have it any more.</source>
        <translation>Le trousseau ne l’a plus.</translation>
    </message>
    <message>
        <source>That passphrase does not open this locker.</source>
        <translation>Cette phrase secrète n’ouvre pas ce coffre.</translation>
    </message>
</context>
</TS>
