// SPDX-License-Identifier: MIT
#include "editcomparison.h"

#include "editdesk.h"
#include "filereader.h"
#include "ownerror.h"
#include "textfile.h"

namespace voidrun
{

namespace
{

// As much as is compared, cut at the end of a line and not within a character.
QByteArray beginning(const QByteArray &bytes)
{
    if (bytes.size() <= EditComparison::MostCompared)
        return bytes;
    const QByteArray cut = bytes.first(EditComparison::MostCompared);
    return cut.first(cut.lastIndexOf('\n') + 1);
}

EditComparison::Result compared(const QByteArray &theirs, const QByteArray &mine)
{
    EditComparison::Result result;
    const qint64 most = EditComparison::MostCompared;
    result.isWhole = theirs.size() <= most && mine.size() <= most;
    result.isSame = theirs == mine && result.isWhole;
    const std::optional<TextFile> before = TextFile::fromBytes(beginning(theirs));
    const std::optional<TextFile> after = TextFile::fromBytes(beginning(mine));
    result.isText = before && after;
    if (result.isText)
        result.lines = lineDiff(before->text(), after->text());
    return result;
}

}  // namespace

EditComparison::EditComparison(Client *client, EditDesk *desk, const OpenEdit &edit,
                               QObject *parent)
    : QObject(parent),
      m_desk(desk),
      m_edit(edit),
      m_reader(new FileReader(client, edit.sandboxId, this))
{
    connect(m_reader, &FileReader::finished, this,
            [this](const QString &, const QByteArray &theirs) { compare(theirs); });
    connect(m_reader, &FileReader::failed, this, [this](const QString &, const Error &error) {
        if (meansMissing(error))
            compare({});
        else
            Q_EMIT failed(error);
    });
}

void EditComparison::start()
{
    m_reader->readBeginning(m_edit.path, MostCompared + 1);
}

void EditComparison::compare(const QByteArray &theirs)
{
    if (!m_desk)
        return;
    using Answer = voidrun::Result<Result>;
    m_desk->ask(
        this,
        [edit = m_edit, theirs](EditWorker *worker) {
            return worker->read(edit, MostCompared + 1).transform([&](const QByteArray &mine) {
                return compared(theirs, mine);
            });
        },
        [this](const Answer &result) {
            if (result)
                Q_EMIT finished(*result);
            else
                Q_EMIT failed(result.error());
        });
}

}  // namespace voidrun
