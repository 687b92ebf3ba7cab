<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en" sourcelanguage="en">
<context>
    <name>voidrun::BroadcastBar</name>
    <message numerus="yes">
        <source>What you type or paste goes to %n terminals: %1.</source>
        <translation>
            <numerusform>What you type or paste goes to %n terminal: %1.</numerusform>
            <numerusform>What you type or paste goes to %n terminals: %1.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>voidrun::ConflictDialog</name>
    <message numerus="yes">
        <source>Do this for all %n</source>
        <translation>
            <numerusform>Do this for all %n</numerusform>
            <numerusform>Do this for all %n</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n items already exist in “%1”.</source>
        <translation>
            <numerusform>%n item already exists in “%1”.</numerusform>
            <numerusform>%n items already exist in “%1”.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>and %n more</source>
        <translation>
            <numerusform>and %n more</numerusform>
            <numerusform>and %n more</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>voidrun::DeleteFlow</name>
    <message numerus="yes">
        <source>Delete these %n items from “%1”?</source>
        <translation>
            <numerusform>Delete this %n item from “%1”?</numerusform>
            <numerusform>Delete these %n items from “%1”?</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n item(s) were moved to the trash.</source>
        <translation>
            <numerusform>%n item was moved to the trash.</numerusform>
            <numerusform>%n items were moved to the trash.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n item(s) cannot be moved to the trash of “%1”. Delete for good?</source>
        <translation>
            <numerusform>%n item cannot be moved to the trash of “%1”. Delete it for good?</numerusform>
            <numerusform>%n items cannot be moved to the trash of “%1”. Delete them for good?</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>voidrun::DifferenceDialog</name>
    <message numerus="yes">
        <source>  … %n line(s) the same</source>
        <translation>
            <numerusform>  … %n line the same</numerusform>
            <numerusform>  … %n lines the same</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>… and %n more line(s)</source>
        <translation>
            <numerusform>… and %n more line</numerusform>
            <numerusform>… and %n more lines</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>voidrun::EditingFlow</name>
    <message numerus="yes">
        <source>%n file(s) are still open for editing.</source>
        <translation>
            <numerusform>%n file is still open for editing.</numerusform>
            <numerusform>%n files are still open for editing.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n file(s) with changes not sent</source>
        <translation>
            <numerusform>%n file with changes not sent</numerusform>
            <numerusform>%n files with changes not sent</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n file(s) open for editing</source>
        <translation>
            <numerusform>%n file open for editing</numerusform>
            <numerusform>%n files open for editing</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n edited file(s) not sent yet; they are kept here and sent when you start VoidRun again</source>
        <translation>
            <numerusform>%n edited file is not sent yet; it is kept here and sent when you start VoidRun again</numerusform>
            <numerusform>%n edited files are not sent yet; they are kept here and sent when you start VoidRun again</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>voidrun::FanOutDialog</name>
    <message numerus="yes">
        <source>%n sandbox(es) chosen</source>
        <translation>
            <numerusform>%n sandbox chosen</numerusform>
            <numerusform>%n sandboxes chosen</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Running in %n sandbox(es)…</source>
        <translation>
            <numerusform>Running in %n sandbox…</numerusform>
            <numerusform>Running in %n sandboxes…</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n different answer(s); lines that are not in A are marked with “+”, those that are missing with “−”.</source>
        <translation>
            <numerusform>%n answer; lines that are not in A are marked with “+”, those that are missing with “−”.</numerusform>
            <numerusform>%n different answers; lines that are not in A are marked with “+”, those that are missing with “−”.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>  … %n line(s) as in A</source>
        <translation>
            <numerusform>  … %n line as in A</numerusform>
            <numerusform>  … %n lines as in A</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>voidrun::FilePanel</name>
    <message numerus="yes">
        <source>Compressing %n item(s)…</source>
        <translation>
            <numerusform>Compressing it…</numerusform>
            <numerusform>Compressing %n items…</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>voidrun::JsonModel</name>
    <message numerus="yes">
        <source>%n member(s)</source>
        <translation>
            <numerusform>%n member</numerusform>
            <numerusform>%n members</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n value(s)</source>
        <translation>
            <numerusform>%n value</numerusform>
            <numerusform>%n values</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>voidrun::MainWindow</name>
    <message numerus="yes">
        <source>%1 · %n CPU(s) · %2 MiB</source>
        <translation>
            <numerusform>%1 · %n CPU · %2 MiB</numerusform>
            <numerusform>%1 · %n CPUs · %2 MiB</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n transfer(s) under way</source>
        <translation>
            <numerusform>%n transfer under way</numerusform>
            <numerusform>%n transfers under way</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n run(s), which end</source>
        <translation>
            <numerusform>%n run, which ends</numerusform>
            <numerusform>%n runs, which end</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n running</source>
        <translation>
            <numerusform>%n running</numerusform>
            <numerusform>%n running</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n terminal(s) that do not answer</source>
        <translation>
            <numerusform>%n terminal that does not answer</numerusform>
            <numerusform>%n terminals that do not answer</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n background process(es), which end</source>
        <translation>
            <numerusform>%n background process, which ends</numerusform>
            <numerusform>%n background processes, which end</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n background process(es), which go on</source>
        <translation>
            <numerusform>%n background process, which goes on</numerusform>
            <numerusform>%n background processes, which go on</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n file(s) changed in %1</source>
        <translation>
            <numerusform>%n file changed in %1</numerusform>
            <numerusform>%n files changed in %1</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Watching (%n new)</source>
        <translation>
            <numerusform>Watching (%n new)</numerusform>
            <numerusform>Watching (%n new)</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n folder(s) are watched already, and more are not allowed. Stop watching one of them first.</source>
        <translation>
            <numerusform>%n folder is watched already, and more are not allowed. Stop watching it first.</numerusform>
            <numerusform>%n folders are watched already, and more are not allowed. Stop watching one of them first.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>voidrun::OpenEditsPanel</name>
    <message numerus="yes">
        <source>%n with changes not sent</source>
        <translation>
            <numerusform>%n with changes not sent</numerusform>
            <numerusform>%n with changes not sent</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>voidrun::OutputPanel</name>
    <message numerus="yes">
        <source>%n line(s)</source>
        <translation>
            <numerusform>%n line</numerusform>
            <numerusform>%n lines</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>voidrun::PlacesMenu</name>
    <message numerus="yes">
        <source>There are %n favourites already. Remove one first.</source>
        <translation>
            <numerusform>There is %n favourite already. Remove it first.</numerusform>
            <numerusform>There are %n favourites already. Remove one first.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>voidrun::PreviewDialog</name>
    <message numerus="yes">
        <source>%n file(s) and folder(s)</source>
        <translation>
            <numerusform>%n file or folder</numerusform>
            <numerusform>%n files and folders</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>The first %n file(s) and folder(s)</source>
        <translation>
            <numerusform>The first file or folder</numerusform>
            <numerusform>The first %n files and folders</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>The last %n line(s) of %1</source>
        <translation>
            <numerusform>The last line of %1</numerusform>
            <numerusform>The last %n lines of %1</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>voidrun::PtySessionModel</name>
    <message numerus="yes">
        <source>%n window(s)</source>
        <translation>
            <numerusform>%n window</numerusform>
            <numerusform>%n windows</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>voidrun::RecordsModel</name>
    <message numerus="yes">
        <source>%n member(s)</source>
        <translation>
            <numerusform>%n member</numerusform>
            <numerusform>%n members</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n value(s)</source>
        <translation>
            <numerusform>%n value</numerusform>
            <numerusform>%n values</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>voidrun::SandboxDelegate</name>
    <message numerus="yes">
        <source>%n new change(s) · %1</source>
        <translation>
            <numerusform>%n new change · %1</numerusform>
            <numerusform>%n new changes · %1</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>voidrun::SandboxModel</name>
    <message numerus="yes">
        <source>%1, image %2, %n CPU(s), %3 memory</source>
        <translation>
            <numerusform>%1, image %2, %n CPU, %3 memory</numerusform>
            <numerusform>%1, image %2, %n CPUs, %3 memory</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>voidrun::SearchPage</name>
    <message numerus="yes">
        <source>The first %n file(s) below %1 with “%2” in the name. A longer part of the name finds fewer.</source>
        <translation>
            <numerusform>The first file below %1 with “%2” in the name. A longer part of the name finds fewer.</numerusform>
            <numerusform>The first %n files below %1 with “%2” in the name. A longer part of the name finds fewer.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n file(s) below %1 with “%2” in the name</source>
        <translation>
            <numerusform>%n file below %1 with “%2” in the name</numerusform>
            <numerusform>%n files below %1 with “%2” in the name</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>voidrun::SessionsDialog</name>
    <message numerus="yes">
        <source>%n session(s) run in “%1”, also while no tab shows them.</source>
        <translation>
            <numerusform>%n session runs in “%1”, also while no tab shows it.</numerusform>
            <numerusform>%n sessions run in “%1”, also while no tab shows them.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>voidrun::SourceView</name>
    <message numerus="yes">
        <source> … (this line goes on for %n more character(s))</source>
        <translation>
            <numerusform> … (this line goes on for one more character)</numerusform>
            <numerusform> … (this line goes on for %n more characters)</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>voidrun::TerminalTextWindow</name>
    <message numerus="yes">
        <source>%n or more</source>
        <translation>
            <numerusform>%n or more</numerusform>
            <numerusform>%n or more</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n found</source>
        <translation>
            <numerusform>%n found</numerusform>
            <numerusform>%n found</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>voidrun::TerminalView</name>
    <message numerus="yes">
        <source>Paste %n lines into the terminal?</source>
        <translation>
            <numerusform>Paste %n line into the terminal?</numerusform>
            <numerusform>Paste %n lines into the terminal?</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Upload %n items to %1?</source>
        <translation>
            <numerusform>Upload %n item to %1?</numerusform>
            <numerusform>Upload %n items to %1?</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>voidrun::TransferFlow</name>
    <message numerus="yes">
        <source>Fetching %n items from “%1” for another program…</source>
        <translation>
            <numerusform>Fetching %n item from “%1” for another program…</numerusform>
            <numerusform>Fetching %n items from “%1” for another program…</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>(%n more failed.)</source>
        <translation>
            <numerusform>(%n more failed.)</numerusform>
            <numerusform>(%n more failed.)</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>voidrun::TransferModel</name>
    <message numerus="yes">
        <source>%1 and %n more</source>
        <translation>
            <numerusform>%1 and %n more</numerusform>
            <numerusform>%1 and %n more</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n item(s) exist already</source>
        <translation>
            <numerusform>%n item exists already</numerusform>
            <numerusform>%n items exist already</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Done, %n link(s) left out</source>
        <translation>
            <numerusform>Done, %n link left out</numerusform>
            <numerusform>Done, %n links left out</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1 of %n file(s) copied</source>
        <translation>
            <numerusform>%1 of %n file copied</numerusform>
            <numerusform>%1 of %n files copied</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>voidrun::TransferPanel</name>
    <message numerus="yes">
        <source>%n under way</source>
        <translation>
            <numerusform>%n under way</numerusform>
            <numerusform>%n under way</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1 of %n file(s) copied: %2</source>
        <translation>
            <numerusform>%1 of %n file copied: %2</numerusform>
            <numerusform>%1 of %n files copied: %2</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>voidrun::TransferProblemsDialog</name>
    <message numerus="yes">
        <source>%1 of %n file(s) copied.</source>
        <translation>
            <numerusform>%1 of %n file copied.</numerusform>
            <numerusform>%1 of %n files copied.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n more failed for the last of these reasons or were not tried.</source>
        <translation>
            <numerusform>%n more failed for the last of these reasons or was not tried.</numerusform>
            <numerusform>%n more failed for the last of these reasons or were not tried.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>voidrun::WatchEventsModel</name>
    <message numerus="yes">
        <source>Changed %n time(s)</source>
        <translation>
            <numerusform>Changed %n time</numerusform>
            <numerusform>Changed %n times</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>voidrun::WatchPanel</name>
    <message numerus="yes">
        <source>%n folder(s) watched</source>
        <translation>
            <numerusform>%n folder watched</numerusform>
            <numerusform>%n folders watched</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1 of %n change(s) shown</source>
        <translation>
            <numerusform>%1 of %n change shown</numerusform>
            <numerusform>%1 of %n changes shown</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n change(s)</source>
        <translation>
            <numerusform>%n change</numerusform>
            <numerusform>%n changes</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n older one(s) dropped</source>
        <translation>
            <numerusform>%n older one dropped</numerusform>
            <numerusform>%n older ones dropped</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>paused, %n wait(s)</source>
        <translation>
            <numerusform>paused, %n waits</numerusform>
            <numerusform>paused, %n wait</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n change(s) in “%1” had been missed; they are in the list now.</source>
        <translation>
            <numerusform>%n change in “%1” had been missed; it is in the list now.</numerusform>
            <numerusform>%n changes in “%1” had been missed; they are in the list now.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n change(s) are saved in “%1”.</source>
        <translation>
            <numerusform>%n change is saved in “%1”.</numerusform>
            <numerusform>%n changes are saved in “%1”.</numerusform>
        </translation>
    </message>
</context>
</TS>
