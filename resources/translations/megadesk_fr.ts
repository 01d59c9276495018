<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="fr" sourcelanguage="en">
<context>
    <name>AboutSection</name>
    <message>
        <source>Your files, locked before they leave this computer.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Free software under the Apache License 2.0. It comes without any warranty. The format of lockers is published, so that other programs can read them.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Made with</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>AdvancedSection</name>
    <message>
        <source>Where things are</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Data</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Keys under your passphrase, the encrypted index.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Settings</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Logs</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Neither names nor secrets are in them.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open the folder: {0}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Help with a problem</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Export…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Versions, settings and the end of the log. No names, paths, addresses or keys: read it first.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Redacted report</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save the report</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The report is saved as {0}.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>AppearanceSection</name>
    <message>
        <source>Appearance</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Colours</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>High contrast follows the system.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>As the system</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Light</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Dark</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{0} %</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>As the system (100 %)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Text size</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Of this window alone.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Banner</name>
    <message>
        <source>Dismiss</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Breadcrumbs</name>
    <message>
        <source>Path</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Folders in between</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>BrowserActions</name>
    <message>
        <source>&amp;Files…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>F&amp;older…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Upload a folder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Upload files</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Saved as {0}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save to a folder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save here</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Name of the new folder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Create</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Undo</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Redo</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Open</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Remove from f&amp;avourites</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Add to f&amp;avourites</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show in its &amp;folder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Save to…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cu&amp;t</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Copy</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Rename</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Move to the &amp;trash</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Versions and details</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Details</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;New folder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Upload files…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Upload a &amp;folder…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Paste</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>U&amp;ndo: {0}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>U&amp;ndo</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Refresh</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>BrowserPage</name>
    <message>
        <source>The storage cannot be used right now</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Back</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Forward</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Up</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Refresh</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show as pictures</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Details</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Upload</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;New folder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Undo</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Redo</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save to a folder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Save to…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Rename</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Move to the trash</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show as a list</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Names are searched, not contents. Case and accents do not count.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing has this in its name</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Press Enter to search the whole locker.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing in this folder has this in its name</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This folder is empty</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Your locker is ready</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing can be added while the locker is read-only.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Drop files and folders here, paste them, or choose them. They are encrypted before they are stored.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose files…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Read-only</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Check again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Try &amp;again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{0} selected</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reading…</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>CollisionSheet</name>
    <message>
        <source>In the locker</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The other one</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Do the same for &amp;all that follow</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Replace</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Keep both</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Only if &amp;newer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Skip</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Cancel</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The one that is there stays among the versions, or goes to the trash</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Replace what is older, and skip the others</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>“{0}” is there already</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>and 1 more</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>and {0} more</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>DetailsPane</name>
    <message>
        <source>Versions</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Restore</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Make this version the current one; the others stay</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save as…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save this version to a folder of this computer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Where it is stored</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Hide the details</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Details</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose a file or folder to see what it is.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Folder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Symbolic link</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{0} file</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>File</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{0}, a conflict copy</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>FailureList</name>
    <message>
        <source>Files left out</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>1 file left out</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{0} files left out</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>FileListModel</name>
    <message>
        <source>Conflict copy</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Folder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Symbolic link</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{0} file</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>File</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>conflict copy</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>folder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>file</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>symbolic link</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Name</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Size</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Modified</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Kind</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Added</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>FilesView</name>
    <message>
        <source>Files and folders</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Upload into {0}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Move to {0}</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>FindBar</name>
    <message>
        <source>Search the &amp;whole locker</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Back to the folder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{0} of {1} in this folder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{0} in the whole locker with “{1}” in the name</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>(and more: type more of it)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Looking for “{0}” in the whole locker…</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>FormPage</name>
    <message>
        <source>Your files, locked before they leave this computer. The keys stay with you.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Frame</name>
    <message>
        <source>&amp;Lock</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Lock everything now (Ctrl+Shift+L)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Lockers</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Favourites</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Unlock</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Show</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Open</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Remove from favourites</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>GeneralSection</name>
    <message>
        <source>Language</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>As the system</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Language</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Holds when MegaDesk is started again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Files</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>When a &amp;name is taken</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What an upload does. A replaced file stays as an older version.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ask</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Replace</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Keep both</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Skip</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>JoinPage</name>
    <message>
        <source>Recovery key and passphrase</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open your locker</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>New passphrase for {0}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Where the locker is</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The folder in which its encrypted objects lie.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>13 groups of 5 characters; case and dashes do not matter</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Recovery key</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>New &amp;passphrase</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Passphrase &amp;again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It will open the locker on this computer; other computers keep theirs.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Uploads that were waiting on this computer are forgotten: start them again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Back</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Open</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reading the locker… {0} %</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The key is complete.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{0} of {1} characters</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>KeyGrid</name>
    <message>
        <source>Recovery key</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Group {0}: {1}</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>KeyboardDialog</name>
    <message>
        <source>Keyboard</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>LockSection</name>
    <message>
        <source>Lock by itself</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Never</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>1 minute</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{0} minutes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>When MegaDesk is not &amp;used</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Keys, mouse and touch in its window count as use.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>With the &amp;screen</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>When the session is locked or the screen saver starts.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Before sleep</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>At once, whatever is running; transfers go on when the locker is open again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Wait for transfers</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Idle time and a locked screen lock once nothing is being sent or fetched any more.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Passphrases</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>LockerView</name>
    <message>
        <source>Continuing {0} from last time.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>1 transfer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{0} transfers</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>MainWindow</name>
    <message>
        <source>Locking…</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Meter</name>
    <message>
        <source>Strength</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>NameBar</name>
    <message>
        <source>Cancel</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>NameDelegate</name>
    <message>
        <source>New name</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>NewPassphrase</name>
    <message>
        <source>The two passphrases differ.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>PassphraseEdit</name>
    <message>
        <source>Show the passphrase</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>PassphrasePanel</name>
    <message>
        <source>&amp;Locker</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Change…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Passphrase on this computer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Other computers keep theirs. The recovery key stays as it is.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Remember…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open without a passphrase on this computer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Passphrase until now</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Passphrase &amp;until now</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;New passphrase</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>New passphrase &amp;again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Change the &amp;passphrase</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Passphrase of the locker</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Passphrase of the &amp;locker</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Whoever can use your session on this computer can then open the locker.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Remember it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The passphrase is changed.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>That is not the passphrase of this locker.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Forget</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The keys are kept by {0}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the keychain</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The keys would be kept by {0}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This system has no keychain that MegaDesk can trust.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>PathBar</name>
    <message>
        <source>Path of a folder or file</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>/Folder/Folder</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>PreviewBox</name>
    <message>
        <source>Preview</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Picture: {0}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Too large for a preview</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No preview: the storage cannot be reached</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>QrPicture</name>
    <message>
        <source>The recovery key as a QR code</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>For the camera of a telephone or another computer</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>RateBox</name>
    <message>
        <source> kB/s</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No limit</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>SearchField</name>
    <message>
        <source>Search</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Type to filter this folder, press Enter to search the whole locker (Ctrl+F)</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>SettingsPage</name>
    <message>
        <source>Sections</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Settings</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>General</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Lock</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Transfers</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Storage</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Appearance</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Advanced</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Keyboard</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>About</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>SetupPage</name>
    <message>
        <source>Storage and passphrase</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Recovery key</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Check</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Make your locker</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Where should the encrypted files be kept?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This computer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A folder that holds only encrypted objects. It may lie on a drive or in a folder you back up.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Passphrase</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Passphrase &amp;again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It opens the locker on this computer. Nobody can reset it for you, but a recovery key can.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Make the locker</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>I have a recovery &amp;key</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Back</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Your recovery key</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>With this key the locker opens on any computer, also when the passphrase is forgotten or this computer is lost. It is shown only now. Keep it on paper or on another drive; whoever has it has your files.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Save to a file…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Print…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Copy</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>I have &amp;kept it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Is it really kept?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Read two groups from where you saved the key and type them here.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Show the key again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Open the locker</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Group &amp;{0}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The recovery key is shown only now. Keep it first, or close again to leave without it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A locker is in this storage already.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Open it with its recovery key</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copied. The clipboard is cleared in a minute.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save the recovery key</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sheet to print (*.pdf)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Text (*.txt)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>MegaDesk recovery key</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sent to the printer.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The printer does not take it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>MegaDesk recovery key

{0}

It opens the locker on any computer: in MegaDesk choose “I have a recovery key”. Whoever has it has your files, so keep it where only you can find it.
</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The key was not saved: {0}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Saved as {0}</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>SideList</name>
    <message>
        <source>Lockers and pages</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>SideModel</name>
    <message>
        <source>locked</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>open</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Sidebar</name>
    <message>
        <source>Add a locker</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>StorageForm</name>
    <message>
        <source>&amp;Test</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{0} (optional)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Bro&amp;wse…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Add this storage</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;How many of them are enough to read everything</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Up to {0} of {1} may be lost. It takes {2} times the space of the files.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Remove {0}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Trying it out…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>http is not encrypted. Your files are, but others see how much is sent: use https if you can.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This storage is among them already.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose a folder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose a key file</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>StoragePage</name>
    <message>
        <source>What does my storage see?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>On the left, all that its owner can read. On the right, the same as you see it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Verify</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Compare history and storage: is everything there that should be?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Password…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>User, password or key by which the storage lets this computer in</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Keep these</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What the storage sees</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Object</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Size</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Is</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What you see</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Name</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Your storage</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>You</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Asking…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Needs attention</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Works</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{0}, {1}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Kept on this computer, sealed: {0}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>None are kept on this computer.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{0} free</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>1 computer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{0} computers</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>asked: {0}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>verified: {0}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>never</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>away</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>lacks {0}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{0} damaged</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>whole</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Verifying…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>1 problem was found.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{0} problems were found.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Everything is there.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>StoragePicker</name>
    <message>
        <source>Folder for the locker</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Browse…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Other storage: Nextcloud, S3, SFTP…</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>StorageSection</name>
    <message>
        <source>Lockers on this computer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>State, credentials and contents of a storage are on the page “Storage” of an open locker.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>TestResultBox</name>
    <message>
        <source>It is the right one: &amp;trust it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Its key has the fingerprint
{0}
Compare it with what the server’s owner says.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>TransferPanel</name>
    <message>
        <source>Transfers</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Pause</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Cancel</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>T&amp;ry again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Clear &amp;finished</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Continue</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>TransferStrip</name>
    <message>
        <source>Progress</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Pause</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Try again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show all transfers</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>+ {0} waiting</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Continue</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Dismiss</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Hide the list</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>TransfersSection</name>
    <message>
        <source>Speed limits</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Upload</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Download</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Upload</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Download</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Other limits at certain times</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>For instance slower while you work, and as fast as can be at night.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Add a time</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Connections</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>To one storage, at most. MegaDesk finds out how many help.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Connections at once</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>UnlockPage</name>
    <message>
        <source>&amp;Locker</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Passphrase</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Passphrase</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Unlock</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Forgot the passphrase?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Another locker</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Uploads and downloads that were interrupted continue once the locker is open.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A transfer is unfinished; it continues once the locker is open.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{0} transfers are unfinished; they continue once the locker is open.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Opening…</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>VersionList</name>
    <message>
        <source>Versions</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The content shown now</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>WindowRow</name>
    <message>
        <source>Every day</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Monday to Friday</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Saturday and Sunday</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>As in the file</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Days</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>From</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>To</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Upload</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Download</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Remove this time</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>_SideCard</name>
    <message>
        <source>Folder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{0} (larger)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{0} (newer)</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>_Step</name>
    <message>
        <source>done</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>current step</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>browser</name>
    <message>
        <source>“%1” is no longer here: it was moved or deleted.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 is in the trash.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 are in the trash.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Undo</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 is back where it was.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 are back where they were.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 has its older content again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Undone: %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Redo</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Done again: %1</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>changes</name>
    <message>
        <source>New folder “%1”</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Rename of “%1”</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Move of %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy of %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Deletion of %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Restoring of %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Older version of “%1”</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Upload</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Upload of %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The folder was there before the upload, so it is left as it is.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Older contents are among the versions of each file.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>details</name>
    <message>
        <source>1 folder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 folders</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Contains</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Size</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Modified</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Added</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Folder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>an unknown device</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Empty: nothing but its entry in the locker&apos;s history.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Encrypted in 1 object in %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Encrypted in %1 objects in %2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 bytes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 selected</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>errors</name>
    <message>
        <source>Something went wrong</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>MegaDesk met a fault of its own (%1).</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Your files are not affected. Details are in the log.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>formatting</name>
    <message>
        <source>kB</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>MB</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>GB</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>TB</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>PB</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>EB</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 B</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1/s</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 s</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 min</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 h %2 min</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 h</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 days</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 left</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Today, %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>1 file</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 files</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>1 item</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 items</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>key-sheet</name>
    <message>
        <source>MegaDesk recovery key</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Locker “{0}”, {1}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It opens the locker on any computer: in MegaDesk choose “I have a recovery key”. It is needed when the passphrase is forgotten or the computer is lost. Nobody can make another one. Whoever has it has your files, so keep it where only you can find it.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>keyboard</name>
    <message>
        <source>Everywhere</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Lock everything now</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This map</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Settings</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>To the next control, and back</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Press the control with that letter underlined</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Moving about</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open the folder or file</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>To the folder above</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Back</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Forward</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Type a path</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Search</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Look for changes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>List</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Grid</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Details</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Keep the folder in the sidebar, or not</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Files</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Upload files</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Upload a folder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save to a folder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>New folder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Rename</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>To the trash</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cut</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Paste</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Select all</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Undo</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Redo</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>messages</name>
    <message>
        <source>%(asctime)s.%(msecs)03dZ %(levelname)s %(process)d %(threadName)s %(name)s: %(message)s</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 %2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 %2.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 ORDER BY id</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 WHERE id = ?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 belongs to this locker itself and was left out.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 bytes came for the object %2, %3 were announced.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 cannot be %2 now (%3).</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 cannot be %2 now: the server only says “%3”.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 cannot be a locker&apos;s name: it begins or ends with a space.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 cannot be a locker&apos;s name: it holds characters that cannot be seen.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 cannot be a locker&apos;s name: it must not be a path.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 cannot be handled by this server (%2).</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 cannot be reached.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 cannot be read: %2.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 cannot be talked to.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 cannot be written.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 cannot be written: the file system is read-only.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 cannot have control characters in it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 cannot name an object in a store.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 could not be written: %2.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 devices match “%2”.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 does not answer as a web server does.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 does not answer.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 does not fit: there is no room left (%2).</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 does not open: it was altered on the way or belongs to another link.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 does not prove who it is: %2.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 does not speak TLS as it should.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 ended early.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 has a clock that does not follow from what it has seen.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 has a size that no link has.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 has a size that no such object has.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 has been altered: it does not open under the locker&apos;s key.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 has been altered: it no longer lets the device %2 in.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 holds %2.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 holds the keys of another device.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 hung up in the middle.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 is a device that nobody of this locker has let in.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 is a device, a pipe or a socket, which a locker does not hold.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 is a folder in the storage.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 is another entry than the one that was applied here.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 is damaged.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 is in format version %2, which this program does not know.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 is in use by %2.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 is in use just now (%2).</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 is larger than it may be.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 is larger than the %2 bytes it may have.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 is not a file.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 is not a folder of a store (a/b/).</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 is not a folder.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 is not a key file of MegaDesk.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 is not a link in this version&apos;s format.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 is not a link of MegaDesk.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 is not a page of MegaDesk&apos;s links.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 is not known.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 is not such an object of a MegaDesk locker.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 is not the part that the checkpoint names.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 is not there.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 is of a device that nobody of this locker has let in.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 is padded wrongly.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 is the page of links without a link in it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 is too short.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 is under a key that this device does not have.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 kept changing while it was being read.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 links match “%2”.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 lists the other devices wrongly.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 mistyped.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 more objects are not whole in every store.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 names no enroller.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 not available in this version of MegaDesk.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 refuses connections.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 took too long.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 was cut short.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A checkpoint stands for another history.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A device&apos;s public key is not a key.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A file address must be file:/// and an absolute path on this computer.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A file here cannot be used</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A file kept changing</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A folder is in the place of the object %1.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A key file for %1 cannot be used (%2).</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A key in the storage is not sealed to this device.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A link can only be read.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A link has packs only.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A link in a file cannot be kept up to date.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A link in this storage lasts for %1 days at most.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A link&apos;s packs are read in pieces.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A locker&apos;s id has 64 hex digits.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A locker&apos;s name may have %1 characters, this one has %2.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A locker&apos;s name must not be empty.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A name cannot be empty.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A password</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A recovery key has %1 characters; this is much longer.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A recovery key has %1 groups of %2 characters, %3 in all; this one has %4.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A share is damaged.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A signature in the storage does not hold.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A signed address of an S3 bucket lasts for seven days at most.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A speed limit must be above zero.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A spread has 1 to %1 stores, of which k are enough to read.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A spread has 2 to %1 different stores.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A storage address must not hold a password.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A store has the share of another one of %1.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A store of a spread is any storage but another spread.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A token</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A token cannot have spaces or accented letters in it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A user name</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A user name cannot have a colon in it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Add the line yourself, or log in to the server once with ssh.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Allow MOVE in the server&apos;s settings (nginx: dav_methods PUT DELETE MKCOL COPY MOVE).</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>An S3 address holds no access keys.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>An SFTP address has no place for a password: it would be kept in the clear.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>An object is damaged</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>An object is missing from the storage</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>An object is not in MegaDesk&apos;s format</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>An offset or length is negative.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>An unexpected error: %1. The log has the details.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Another MegaDesk is writing to this locker&apos;s index for too long.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Another copy of this device writes to the locker: its data folder was copied or restored.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Another folder is in the place of the storage %1.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Another folder is in the place of the storage on the server.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ask who runs it to turn on the sftp subsystem.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ask who runs the server. Nothing was sent to it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ask whoever sent it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>At least one request at a time must be allowed.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Check address and network.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Check endpoint, region and style in the address.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Check room, quota and rights there.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Check that the drive or network folder is connected.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Check that the folder exists and that you may use it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Check that the server&apos;s disk is mounted, or open the locker again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Check the address, and whether the server has its disks.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Check the address, or make a locker there first.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Check the address, or make a locker with “megadesk init”.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Check the address, the network, and that SSH is on there.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Check the address. For Nextcloud: davs://HOST/remote.php/dav/files/USER/FOLDER.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Check the address. For a certificate of your own, add its authority to the system&apos;s.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Check the address: it must have the same stores and the same k as when the locker was made.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Check the bucket&apos;s name, the endpoint and the region, or create the bucket.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Check the endpoint, and the network.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Check the endpoint.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Check the endpoint. If the server has a certificate of your own, name its file with ca= in the address.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Check the folder&apos;s rights.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Check the link</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Check the name, or whether its drive is connected.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Check the network; it is connected again at the next try.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Check the path</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Check the path in the address, and that the server&apos;s disk is mounted.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Check the recovery key</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Check the storage address</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Check the user name, load the key into the SSH agent, or give the password or the key file.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Checking the passphrase needs %1 MiB of free memory.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose a shorter name.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose another name with --name, or move %1 away.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose another name with --name.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose another name, or move it away first.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose another name.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Close other programs and try again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Compare that with what the server&apos;s owner says. If it is the same, log in once with ssh, or add this line to ~/.ssh/known_hosts: %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Compare with what you wrote down and correct it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Connect the drive or network folder that it is on.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Connect the drive that it is on, or put back what is missing.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Connect the drive that the locker is on, or open the locker again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy the whole link and try again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy them once more.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Correct ~/.ssh/config.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>DELETE FROM attributes WHERE node = ?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>DELETE FROM condemned WHERE pack = ?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>DELETE FROM meta WHERE name = ?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>DELETE FROM moves WHERE lamport &lt;= ?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>DELETE FROM nodes WHERE key = ?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>DELETE FROM nodes WHERE key &gt;= ?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>DELETE FROM pending</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>DELETE FROM versions WHERE node = ?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>DELETE FROM versions WHERE node=? AND id=?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Delete that file and enter them again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Do it from another device of the locker.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Do not use it: files would be damaged.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Enter them anew. Nextcloud and ownCloud want an app password where a second factor is on.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Free or buy space there.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Free some space; the download then goes on where it stopped.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Give a PEM file with ca= in the address, AWS_CA_BUNDLE or ca_bundle.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Give a folder: its path, or file:///path.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Give it in UTF-8.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Give its URL.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Give its new address; for https that begins with davs://.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Give its passphrase, or load it into the SSH agent with ssh-add.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Group %1 of the recovery key has a character that no key has.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>INSERT INTO cutoffs (device, seq, hash) VALUES (?,?,?) ON CONFLICT (device) DO UPDATE SET seq=excluded.seq, hash=excluded.hash WHERE (excluded.seq, excluded.hash) &lt; (seq, hash)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>INSERT INTO epochs (id, number, lamport, device, position) VALUES (?,?,?,?,?) ON CONFLICT (id) DO UPDATE SET number=excluded.number, lamport=excluded.lamport, device=excluded.device, position=excluded.position WHERE lamport IS NULL OR (excluded.lamport, excluded.device, excluded.position) &lt; (lamport, device, position)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>INSERT INTO epochs (id, number, secret) VALUES (?1, ?2, ?3) ON CONFLICT (id) DO UPDATE SET secret = ?3, number = coalesce(number, ?2)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>INSERT INTO links (id, lamport, device, position, time_ms, made, revoked) VALUES (?,0,x&apos;&apos;,0,0,NULL,?) ON CONFLICT (id) DO UPDATE SET revoked=excluded.revoked WHERE revoked = 0 OR excluded.revoked &lt; revoked</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>INSERT INTO links (id, lamport, device, position, time_ms, made, revoked) VALUES (?,?,?,?,?,?,0) ON CONFLICT (id) DO UPDATE SET lamport=excluded.lamport, device=excluded.device, position=excluded.position, time_ms=excluded.time_ms, made=excluded.made WHERE made IS NULL OR (excluded.lamport, excluded.device, excluded.position) &lt; (lamport, device, position)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>INSERT INTO nodes (key, id, parent, name, kind, mode, mtime, size, heads, gone, lamport, actor, position, time_ms) VALUES (?,?,0,x&apos;&apos;,?,448,0,0,0,1,?,0,0,0)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>INSERT OR IGNORE INTO actors (id) VALUES (?)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>INSERT OR IGNORE INTO devices (id, sign_pk, kem_pk, name, enrolled_ms, enroller) VALUES (?,?,?,?,?,?)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>INSERT OR IGNORE INTO search_stale (node) VALUES (?)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>INSERT OR REPLACE</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>INSERT OR REPLACE INTO attributes (node, lamport, device, position, mode, mtime) VALUES (?,?,?,?,?,?)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>INSERT OR REPLACE INTO clocks (device, seq, lamport, hash) VALUES (?,?,?,?)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>INSERT OR REPLACE INTO counters (name, value) VALUES (&apos;next_key&apos;, ?)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>INSERT OR REPLACE INTO heads (device, seq, hash, lamport, time_ms, seen) VALUES (?,?,?,?,?,?)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>INSERT OR REPLACE INTO meta (name, value) VALUES (?, ?)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>INSERT OR REPLACE INTO pending (seq, record) VALUES (?, ?)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>If it is lost for good, “megadesk check --repair” fills it anew.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>In a file address, ? and # must be written %3F and %23.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>In a storage address, ? and # must be written %3F and %23.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>In an SFTP address, ? and # must be written %3F and %23.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>In the address of a spread, k is how many stores are enough: at least 1, and fewer than all.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Injected: %1 failed.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Injected: no room left.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Injected: read-only.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Is the endpoint http:// instead of https://?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Is the server running?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Is there a network?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It can be written again once a refresh finds the storage whole.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It cannot be read in %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It is damaged in %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It stopped listing in the middle.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It will be taken along next time; close the program that writes to it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Its share is missing in %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Its storage is unharmed: move that folder away and join the locker with its recovery key.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Keys are made of digits and letters without I, L, O and U.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Known here: %1.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Leave it out; use a key or the SSH agent, or give the password when asked for it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Leave it out; you will be asked, and it is kept in the secret store.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Leave out “/”.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Leave them out of the address; they are asked for and kept separately.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Leave them out; put them into AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or a profile of ~/.aws/credentials.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Left out</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Let its server accept 17 MiB (nginx: client_max_body_size; PHP: upload_max_filesize).</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Links for MegaDesk itself work; install a complete copy for those that browsers open.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Make it first, or use -p.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Make links of the folders inside it instead.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Make one with: megadesk init</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Make one with: megadesk init; or open one from its storage with: megadesk join</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Make room on this disk.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Make room there, or name another folder in TMPDIR.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Make room there.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Make room, or have the quota raised.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Make the drive writable (a switch on it, or how it is mounted), and try again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>MegaDesk could not %1 %2: %3.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Move one of them away.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Name a file in a folder that is there and yours.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Name one with --locker.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No locker here</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nobody counts downloads there.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nobody of this locker wrote this object; it is ignored.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nobody serves this link now.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing is lost; try again when more of them are there.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing was changed here. Check the storage, or restore what is missing from a backup.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing was sent to it. Ask who runs the server; only if the new key is right, remove the old one with: ssh-keygen -R &apos;%1&apos;</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Only %1 of the %2 stores can be reached; %3 are needed to %4%5.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Only %1 of the %2 stores could be listed; %3 are needed (%4).</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Only one thing at a time can be given a new name.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Only what lies in the trash can be removed for good.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open it with “megadesk join”, or choose another folder for the new one.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open the locker again; what was being written is then written anew.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open the locker anew with its recovery key.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Parts of this upload were cleaned up by another device while it was interrupted.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>SELECT %1, v.content, v.node, n.id FROM versions v CROSS JOIN nodes n ON n.key = v.node WHERE v.node BETWEEN ? AND ? ORDER BY v.node, v.id</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>SELECT 1 FROM nodes WHERE key = ? AND id = ?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>SELECT 1 FROM nodes WHERE parent = ? AND gone = 0 LIMIT 1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>SELECT DISTINCT v.node FROM versions v JOIN nodes n ON n.key = v.node WHERE v.dropped &gt; 0 AND v.dropped &lt;= ? AND n.gone = 0 ORDER BY v.node</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>SELECT coalesce(max(dropped), 0) FROM versions WHERE dropped &gt; 0</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>SELECT coalesce(max(lamport), 0) FROM heads</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>SELECT content FROM versions WHERE node=? AND id=?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>SELECT d.id, d.sign_pk, d.kem_pk, d.name, d.enrolled_ms, d.enroller, c.seq, c.hash FROM devices d LEFT JOIN cutoffs c ON c.device = d.id ORDER BY d.enrolled_ms, d.id</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>SELECT device, seq, hash FROM cutoffs ORDER BY device</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>SELECT hash, lamport FROM clocks WHERE device = ? AND seq = ?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>SELECT id FROM nodes WHERE key = ?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>SELECT id, number, lamport, device, position FROM epochs WHERE lamport IS NOT NULL ORDER BY id</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>SELECT id, number, lamport, device, position, secret FROM epochs ORDER BY number, id</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>SELECT key FROM actors WHERE id = ?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>SELECT key FROM nodes WHERE gone = 1 ORDER BY key</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>SELECT key FROM nodes WHERE id = ?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>SELECT key FROM nodes WHERE kind = -1 ORDER BY key</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>SELECT key FROM nodes WHERE parent = ? ORDER BY key</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>SELECT key, id FROM actors</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>SELECT lamport - 1 FROM clocks WHERE device = ? AND seq = ?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>SELECT lamport FROM clocks WHERE device = ? AND seq &lt;= ? ORDER BY seq DESC LIMIT 1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>SELECT lamport, device, position, mode, mtime FROM attributes WHERE node=?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>SELECT lamport, device, position, node, parent, name, time_ms, old FROM moves WHERE (lamport, device, position) &gt;= (?,?,?) ORDER BY lamport, device, position</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>SELECT name FROM devices WHERE id = ?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>SELECT name FROM nodes WHERE parent=?1 AND gone=0 GROUP BY name HAVING count(*) &gt; 1 UNION SELECT name FROM nodes INDEXED BY nodes_conflicts WHERE parent=?1 AND heads &gt; 1 AND gone=0</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>SELECT name, value FROM counters</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>SELECT node, lamport, device, position, mode, mtime FROM attributes WHERE node BETWEEN ? AND ?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>SELECT pack, lamport, device, position, seq FROM condemned ORDER BY pack</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>SELECT parent FROM nodes WHERE key = ?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>SELECT seq, record FROM pending ORDER BY seq LIMIT 1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>SELECT value FROM counters WHERE name = &apos;next_key&apos;</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>SELECT value FROM counters WHERE name = &apos;search_watermark&apos;</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>SELECT value FROM meta WHERE name = ?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Secret Service</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>See “megadesk check --read-data”.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>See “megadesk devices ls” for names and ids.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>See “megadesk link ls” for their ids.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Set the clock of this computer.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Share a part of it, or use a storage that serves links.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Slices in this pack are damaged or were altered.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Something foreign is in the place of %1 (%2).</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Something foreign is in the place of a folder of the storage.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Something went wrong</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Space is then never freed.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Start sharing on this computer (“megadesk link serve”).</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Start “megadesk link serve” in another terminal, or write the link to a file with --html.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>That cannot be done</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>That file or folder is no longer in the locker.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>That folder is no longer in the locker.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>That is %1 MiB; an HTML file can hold %2 MiB.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>That is no session.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>That is not a file.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>That is not a link.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>That is not a page of MegaDesk&apos;s links.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>That is not an S3 address.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>That is not in the trash.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>That is not the address of a spread.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>That is not the address of a web page.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>That is not the key of a server.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>That part is the key. If it was sent separately, put it behind the link, with # in between.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The %1 in %2 is %3 bytes, above the limit of %4.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The %1 in %2 is malformed: %3.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The AWS %1 file cannot be read: %2.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The AWS %1 file is not of the form that it should have.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The HTML file needs a name.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The S3 address names no bucket that could exist.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The S3 bucket %1 is in another region%2.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The S3 credentials have been renewed.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The S3 credentials hold characters that no credentials have.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The S3 server %1.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The S3 server asks to slow down%1.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The S3 server did not understand%1.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The S3 server does not let these credentials write to the bucket %1%2.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The S3 server does not say how long %1 is.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The S3 server failed%1.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The S3 server lists objects out of order.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The S3 server lists objects twice.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The S3 server lists what was not asked for.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The S3 server refuses a part of %1.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The S3 server refuses access to the bucket %1%2.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The S3 server sends another part of %1.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The S3 server&apos;s answer is longer than it may be.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The S3 server&apos;s answer is not what S3 answers.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The S3 server&apos;s listing does not come to an end.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The S3 storage is full.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The SSH settings for %1 cannot be used (%2).</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The SSH settings of this user cannot be used (%1).</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The address in the link cannot be read.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The address of a spread has k once, store several times, and nothing else.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The address of the spread cannot be read.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The checkpoint %1 is not signed by the device %2.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The checkpoint holds a node twice.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The checkpoint is by a device that is not of this locker.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The checkpoint rows in %1 are malformed: %2.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The checkpoint&apos;s folders do not form a tree.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The clocks of this computer and of the S3 server disagree%1.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The connection to %1 broke.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The connection to the storage failed.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The connection to the storage was closed.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The connection to the storage was lost (%1).</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The credentials need the rights s3:GetObject and s3:ListBucket.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The credentials of a spread are given for each of its stores.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The credentials of the storage, kept in %1, are damaged or of other keys.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The destination folder is no longer in the locker.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The device %1 has seen %2 entries of the device %3; the storage shows fewer.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The device %1 has seen another history of the device %2 than this one.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The device %1 was removed already.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The disk here is full</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The disk that holds the locker&apos;s index is full.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The endpoint in the S3 address must be http:// or https:// and a host, without user and password.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The endpoint in the S3 address must be http:// or https:// and a host.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The entry %1 is under a key that this device was not given: it may have been removed.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The file of certificates for the S3 storage cannot be read.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The folder %1 cannot be made in the storage.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The folder %1 may not be read (%2).</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The folder %1 vanished from the storage while it was written to.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The folder in an S3 address may hold letters, digits, &apos;.&apos;, &apos;_&apos;, &apos;~&apos; and &apos;-&apos; only.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The folder in the store is empty.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The folder of the index allows no write-ahead log.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The folder “%1” is there already.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The host in the storage address cannot be read.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The index of this locker cannot be read or written (%1).</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The index of this locker does not open with the locker&apos;s key, or its first page is damaged.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The index of this locker does not take its key.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The index of this locker is closed.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The index of this locker is damaged.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The index of this locker is missing.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The index of this locker is not one of MegaDesk&apos;s.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The index of this locker was made by a newer MegaDesk.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The key file %1 is missing.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The key file %1 is of version %2, which this MegaDesk does not know.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The key file asks for more memory or time than MegaDesk allows.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The key file asks for weaker protection of the passphrase than MegaDesk allows.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The key file cannot be read: %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The key file cannot be used</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The key file of %1 belongs to another locker.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The key file of this locker is of another version.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The key file of this locker lacks the first key.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The key file that was given for the storage cannot be read.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The key of the index has a wrong length.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The keychain of this system did not keep what it was given.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The link asks for less protection of its password, or more memory or time, than MegaDesk allows.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The link does not open</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The link does not say where its contents are.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The link has expired</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The link has no place</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The link is not complete: the part behind # is missing or was cut short.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The link is not complete: the part behind # is missing.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The link is used up</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The link must begin with https://, http:// or file://, or be a file here.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The link names a file that cannot be one here.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The link needs its password</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The link record in %1 holds %2.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The link was made, but does not open where it should live, so it was taken back: %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The link was taken back</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The link would have expired already.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The locker %1 is locked.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The locker %1 is read-only: %2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The locker cannot be used</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The locker did not open</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The locker in %1 cannot be used, its description is damaged: %2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The locker is busy</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The locker is read-only</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The locker is read-only: %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The locker&apos;s header has a size that no header has.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The locker&apos;s header has been altered.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The locker&apos;s header is malformed.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The locker&apos;s header is not in its one form.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The locker&apos;s own folder cannot be moved or removed.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The locker&apos;s own folder is there already.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The log entry %1 is not in its one form.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The log entry %1 is not signed by its device.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The log entry %1 says it is another one.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The log of the device %1 does not continue the history known here.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The name %1 is the spread&apos;s own.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The name %1 is too long below %2.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The name %1 is too long for a large object in a spread.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The name is taken in the storage</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The network&apos;s proxy wants a password.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The note is longer than %1 characters.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The number of downloads must be 1 or more.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The object %1 cannot be read now.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The object %1 cannot be written: the file system is read-only.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The object %1 does not fit into the folder for temporary files (%2).</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The object %1 does not fit: there is no room left.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The object %1 ended early.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The object %1 exists already.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The object %1 has %2 bytes; at most %3 were expected.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The object %1 has more than %2 bytes.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The object %1 has only %2 bytes, not %3.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The object %1 is being written by another process.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The object %1 is in the storage already.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The object %1 is larger than %2 bytes.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The object %1 is larger than a folder store takes.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The object %1 is larger than an SFTP store takes.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The object %1 is larger than the storage allows.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The object %1 is not in the storage.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The object %1 keeps changing.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The object %1 keeps coming and going.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The object %1 vanished from the storage while it was written.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The page %1 lacks a part of what the link shows.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The page %1 was altered.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The page %1 was cut short.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The page at the link&apos;s address has no link in it, and its server knows none.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The page has no such pack.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The page of the link holds what no such page has.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The page of the link was cut short.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The parameters of an S3 address are %1, each once.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The passphrase is not valid text.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The passphrase must not be empty.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The password is empty.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The path in the SFTP address holds characters that no path can have.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The path in the SFTP address may not have .. or a zero byte in it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The path in the storage address has parts that cannot name a folder.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The path in the storage address is not Unicode text.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The port in the storage address is not between 1 and 65535.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The preamble of %1 is malformed.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The proxy does not connect to %1.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The proxy that this computer is set to is not an HTTP proxy.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The proxy that this computer is set to use is not an HTTP proxy.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The record in the page of the link was altered.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The region in the S3 address cannot be one.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The server %1 cannot be reached (%2).</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The server %1 cannot be talked to over SSH (%2).</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The server %1 did not let %2 in (%3).</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The server %1 ended the connection (%2).</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The server %1 is not known to this computer. Its key is %2.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The server %1 is not trusted: %2.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The server %1 offers no SFTP (%2).</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The server %1 shows another key than the one that this computer knows: %2. It was set up anew, or something else answers in its place.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The server does not answer as one of links.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The server is not known yet</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The server is not the one it was</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The server lost the object %1 that it had taken already.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The server of this locker&apos;s storage does not serve links any more.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The server sends another part of %1.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The server sends too much of %1.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The server&apos;s session cannot be one.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The setting %1 cannot be %2: %3.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The share of %1 is damaged, or of another spread.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The shares of %1 that can be reached do not fit together.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The slice list in %1 is of %2.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The storage %1.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The storage address has a user name or password in it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The storage address holds characters that no path can have.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The storage address is empty or holds a zero byte.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The storage address is empty.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The storage address names a file on the server, not a folder.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The storage address needs // and a host after the colon.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The storage answered with status %1 %2.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The storage answers, but had not finished a small test after %1 seconds.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The storage cannot be reached</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The storage cannot be written</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The storage compresses what it was told to give as it is.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The storage did not accept the user name, password or token.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The storage did not answer within %1 seconds.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The storage does not answer.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The storage does not let files be moved (MOVE), without which uploads are not safe.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The storage does not let this user read there.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The storage does not let this user write there.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The storage does not speak TLS as it should.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The storage does not tell the size of %1.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The storage does not understand a plain request.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The storage failed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The storage failed inside (status %1).</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The storage folder %1 is not there (%2).</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The storage folder is not there on %1.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The storage gave an answer that makes no sense</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The storage gave another part of %1 than was asked for.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The storage gave back other bytes than it was given.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The storage gives %1 only as a whole, which is too large.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The storage has been altered</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The storage has hardly any room left.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The storage has no place for the object %1.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The storage has no room left.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The storage holds another locker than this one.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The storage holds back entry %1 of the device %2, but shows later ones.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The storage holds back entry %1 of the device %2: a checkpoint by the device %3 stands for it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The storage holds something back</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The storage is busy</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The storage is full</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The storage lists another folder than the one it was asked for.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The storage no longer has the enrolment of the device %1.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The storage refused access</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The storage refuses a part of %1 that it says is there.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The storage refuses something as large as the object %1.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The storage says that it is elsewhere now (status %1).</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The storage shows an older state</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The storage shows an older state: entry %1 of the device %2, known here, is gone.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The storage shows the header of another locker in this one&apos;s place.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The storage shows two different histories</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The storage stopped answering in the middle.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The storage tells of another object than the one it was asked for.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The storage was closed.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The storage was disconnected before everything was written to it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The storage works, and holds a locker already.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The storage works, but does not let this user delete.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The storage works, but is too slow to be of use.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The storage works.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The storage&apos;s answer broke off, or was no HTTP.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The storage&apos;s answer led to a request that cannot be made.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The storage&apos;s certificate cannot be trusted: %1.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The storage&apos;s folder is not on its server.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The storage&apos;s host is not known, or this computer is offline.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The storage&apos;s host is there, but nothing answers at this port.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The storage&apos;s list of a folder broke off.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The storage&apos;s list of a folder cannot be read.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The storage&apos;s list of a folder ends with an error.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The storage&apos;s list of a folder is refused: %1.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The store %1 belongs to another spread, or to one with another k.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The store %1 is empty, or no longer the one that it was.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The store %1 is one that the spread has already.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The stores disagree about it, and no content is in most of them</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The style in an S3 address is path or virtual.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The test itself failed: %1.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The upload of %1 vanished from the storage.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The user name in the SFTP address cannot be one.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The whole locker cannot be copied into itself.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There are no credentials for the S3 storage.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There are several lockers on this machine: %1.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is already a locker</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is already a locker named %1 here, and it is damaged: %2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is already a locker named %1 on this machine.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is more to keep than the %1 bytes of a key file.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is no AWS profile %1.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is no S3 bucket %1 here.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is no folder “%1”.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is no locker in the storage %1 now.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is no locker named %1 on this machine.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is no locker on this machine.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is no port %1.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is no room left for %1.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is no setting named %1.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is no such link</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is no such link.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is no “%1” in “%2”.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is nothing at this link any more: it was taken back, or never was.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>These credentials are for another kind of storage.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>These stores hold no spread.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>They are sent again at the next try.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>They need the rights s3:PutObject and s3:DeleteObject.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This copy of MegaDesk was built without the page for links.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This device cannot remove itself.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This device was removed from the locker by another one.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This folder has too many files for one link.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This is not an SFTP address.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This link does not exist any more.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This link has expired: its signature is no longer valid.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This link is of a version that this program does not know.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This link needs a password.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This locker is in format version %1, which this program does not know.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This locker&apos;s storage cannot serve links by itself, and this computer does not at the moment.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This recovery key is of a version that this program does not know.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This recovery key is well-formed, but belongs to another locker.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This storage already holds a locker.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This storage cannot sign addresses.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This storage does not serve links.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This storage holds no MegaDesk locker.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This storage holds something that is not a MegaDesk locker.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Too few shares of it are there and agree</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Too many shares of the object %1 are damaged (%2).</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Try again when the network or the server has less to do.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Try again when the other stores are there.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Try again; capitals and spaces count.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Try again; if you have lost it, the recovery key opens the locker.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Two lockers here are named %1: %2.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>UPDATE moves SET old=? WHERE lamport=? AND device=? AND position=?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>UPDATE nodes SET gone=?1 WHERE key=?2 AND gone&lt;&gt;?1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>UPDATE nodes SET kind=?, mode=?, mtime=?, size=?, head=?, heads=?, purged=? WHERE key=?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>UPDATE nodes SET p_lamport=coalesce(p_lamport, lamport), p_actor=coalesce(p_actor, actor), p_position=coalesce(p_position, position), p_time_ms=coalesce(p_time_ms, time_ms), lamport=?1, actor=?2, position=?3, time_ms=?4 WHERE key=?5 AND (lamport&lt;&gt;?1 OR actor&lt;&gt;?2 OR position&lt;&gt;?3)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>UPDATE versions SET bases=? WHERE node=? AND id=?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>UPDATE versions SET dropped=?, size=0, content=NULL WHERE node=? AND id=?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Unlock it first.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Update MegaDesk, or rebuild the index from the store.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Update MegaDesk.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Use one of the copies only; join the locker anew from the other.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Use the MegaDesk that wrote it, or a newer one.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>WITH RECURSIVE below (key) AS (VALUES (?) UNION ALL  SELECT n.key FROM below b CROSS JOIN nodes n ON n.parent = b.key WHERE n.gone = 0 AND n.kind = 0) SELECT coalesce(sum(n.kind = 1), 0), coalesce(sum(n.kind = 0), 0), coalesce(sum(n.kind = 2), 0), coalesce(sum(n.size), 0) FROM below b CROSS JOIN nodes n ON n.parent = b.key WHERE n.gone = 0</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>WITH RECURSIVE reached (key) AS (SELECT key FROM nodes WHERE key &lt; ? OR kind = -1 UNION ALL  SELECT n.key FROM reached r CROSS JOIN nodes n ON n.parent = r.key WHERE n.kind &gt;= 0 AND n.key &gt;= ?) SELECT (SELECT count(*) FROM reached), (SELECT count(*) FROM nodes)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Wait until it has finished, or close it, and try again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What answers at the storage&apos;s address is not WebDAV (status %1).</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What is at the link&apos;s place is not what was put there.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What the SFTP address names is not a folder.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Where the storage is public is not known.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Windows Credential Manager</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Write region=%1 into the address, or check the endpoint: redirects are not followed.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Write s3://bucket/folder?endpoint=https://host&amp;region=name .</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Write spread:?k=2&amp;store=ADDRESS&amp;store=ADDRESS&amp;store=ADDRESS, each address percent-encoded.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>pages</name>
    <message>
        <source>Files</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Storage</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>How the storage does, and what it sees</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Settings</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Settings (Ctrl+,)</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>remote</name>
    <message>
        <source>header of the locker</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>a computer was let in</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>something was changed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>pieces of files, padded</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>state of the tree, for newcomers</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>a link</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>not MegaDesk’s</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{0} objects, {1}</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>setup</name>
    <message>
        <source>Four or more unrelated words are strong and easy to type.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Weak: quickly guessed by somebody who copies your disk.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Fair: another word would help.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Good.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Strong.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Making the locker…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>That is not the key</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Group %1 does not match.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Neither group matches.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Compare with what you saved, or go back to see the key again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reading the locker…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Setting the passphrase…</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>storage</name>
    <message>
        <source>This computer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nextcloud</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>WebDAV</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>S3 bucket</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>SFTP (SSH)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>MegaDesk server</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Several at once</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A folder that holds only encrypted objects: here, on a drive, on a NAS.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A folder in your Nextcloud or ownCloud. Make an app password under Settings, Security.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A folder on any WebDAV server, such as a NAS or a hoster’s web space.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A bucket at Amazon or anybody who speaks S3. Make the bucket first.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A folder on a computer where you have an account by SSH.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A computer that runs “megadesk serve”. It shows the token when it starts.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The locker lies in pieces on several storages; some of them may fail or vanish.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Pass&amp;word</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;User</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Folder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ser&amp;ver</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>App pass&amp;word</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Address</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Bucket</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Folder in it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Endpoint</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>empty: Amazon</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Region</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Access &amp;key</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Secret key</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Host</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>host or host:port</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>below your home folder there</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Key file</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>empty: the usual ones</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>empty: by key</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Token</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This is needed.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It begins with https:// (or http:// in your own network).</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Leave user and password out of the address.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Only the host here, with a port if need be; the rest below.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Add at least two storages.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Two of the storages are the same.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>So many storages are not there.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The storage works</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It works, and a locker is there</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The address cannot be right</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No such computer is known</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The computer is there, but nothing answers at that port</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No answer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The secure connection failed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This server is new here</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This is not the server it was</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>User, password or key is wrong</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is no such folder or bucket</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No right to read there</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No right to write there</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This computer’s clock is wrong</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It is full</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It is too slow</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What answers there is no such storage</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The test failed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It works, but no locker is there</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A locker is there already: open it with its recovery key</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{0} free</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>answers in {0} ms</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>transfers</name>
    <message>
        <source>Uploading %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Saving %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Waiting to upload %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Waiting to save %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Paused: upload of %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Paused: saving %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Uploaded %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Saved %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Could not upload %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Could not save %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cancelled: upload of %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cancelled: saving %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Waiting for its turn</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>already in the locker</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>1 file left out</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 files left out</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Counting: %1 so far</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Waiting for the storage to confirm %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Putting %1 into place</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 of %2, %3 of %4</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 of %2</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>unlock</name>
    <message>
        <source>Type the passphrase of this locker.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>That passphrase does not open this locker.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
</TS>
