// SPDX-License-Identifier: MIT
// The changes that a WatchPanel shows, as a file.
#include <QFileDialog>
#include <QSaveFile>
#include <QStandardPaths>

#include "background.h"
#include "models/watchcsv.h"
#include "models/watchfiltermodel.h"
#include "ui_watchpanel.h"
#include "watchpanel.h"

using namespace Qt::StringLiterals;

namespace voidrun
{

void WatchPanel::askExport()
{
    auto *dialog = new QFileDialog(this, tr("Export the changes"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setNameFilters({tr("Table (*.csv)"), tr("All files (*)")});
    dialog->setDefaultSuffix(u"csv"_s);
    dialog->setDirectory(QStandardPaths::writableLocation(QStandardPaths::DownloadLocation));
    dialog->selectFile(u"changes.csv"_s);
    connect(dialog, &QFileDialog::fileSelected, this, &WatchPanel::exportTo);
    dialog->open();
}

// Whole or not at all.
void WatchPanel::exportTo(const QString &path)
{
    const QList<WatchChange> changes = m_changes->changes();
    inBackground(
        this,
        [path, changes] {
            QSaveFile file(path);
            const bool isSaved = file.open(QIODevice::WriteOnly) &&
                                 file.write(watchCsv(changes)) >= 0 && file.commit();
            return isSaved ? QString() : file.errorString();
        },
        [this, path, count = changes.size()](const QString &trouble) {
            if (trouble.isEmpty())
                Q_EMIT notice(tr("%n change(s) are saved in “%1”.", nullptr, int(count)).arg(path));
            else
                Q_EMIT problem(tr("The changes could not be saved in “%1”. %2").arg(path, trouble));
        });
}

}  // namespace voidrun
