// SPDX-License-Identifier: MIT
// What TransferModel shows of a transfer.
#include <QLocale>

#include "guestpath.h"
#include "transfermodel.h"
#include "visibletext.h"

using namespace Qt::StringLiterals;

namespace voidrun
{

namespace
{

QString nameText(const TransferModel::Item &item)
{
    const QStringList &sources = item.request.sources;
    if (sources.isEmpty())
        return {};
    const QString first = visibleText(guestpath::fileName(guestpath::clean(sources.first())));
    const auto others = static_cast<int>(sources.size()) - 1;
    return others == 0 ? first : TransferModel::tr("%1 and %n more", nullptr, others).arg(first);
}

QString progressText(const TransferModel::Item &item)
{
    const QLocale locale;
    return TransferModel::tr("%1 of %2")
        .arg(locale.formattedDataSize(item.bytesDone), locale.formattedDataSize(item.bytesTotal));
}

QString speedText(const TransferModel::Item &item)
{
    if (item.state != TransferModel::State::Running || item.bytesPerSecond < 1)
        return {};
    return TransferModel::tr("%1/s").arg(
        QLocale().formattedDataSize(static_cast<qint64>(item.bytesPerSecond)));
}

// How long it will take at the speed of the last seconds; empty where nobody can know.
QString timeLeft(const TransferModel::Item &item)
{
    constexpr double Longest = 100.0 * 3600;  // s; beyond that it is a guess
    const auto bytes = static_cast<double>(item.bytesTotal - item.bytesDone);
    if (item.bytesPerSecond < 1 || bytes <= 0 || bytes / item.bytesPerSecond > Longest)
        return {};
    return durationText(static_cast<qint64>(bytes / item.bytesPerSecond));
}

QString runningText(const TransferModel::Item &item)
{
    const QString doing = item.request.direction == TransferRequest::Direction::Upload
                              ? TransferModel::tr("Uploading")
                              : TransferModel::tr("Downloading");
    const QString left = timeLeft(item);
    return left.isEmpty() ? doing : TransferModel::tr("%1, %2 left").arg(doing, left);
}

QString stateText(const TransferModel::Item &item)
{
    switch (item.state) {
        case TransferModel::State::Waiting:
            return TransferModel::tr("Looking at the files");
        case TransferModel::State::Asking:
            return TransferModel::tr("%n item(s) exist already", nullptr,
                                     static_cast<int>(item.conflicts.size()));
        case TransferModel::State::Running:
            return runningText(item);
        case TransferModel::State::Paused:
            return item.wasInterrupted ? TransferModel::tr("Interrupted")
                                       : TransferModel::tr("Paused");
        case TransferModel::State::Done:
            return item.linksSkipped == 0
                       ? TransferModel::tr("Done")
                       : TransferModel::tr("Done, %n link(s) left out", nullptr, item.linksSkipped);
        case TransferModel::State::Failed:
            return TransferModel::tr("%1 of %n file(s) copied", nullptr, item.filesTotal)
                .arg(item.filesDone);
        case TransferModel::State::Cancelled:
            return TransferModel::tr("Cancelled");
    }
    return {};
}

QString displayText(const TransferModel::Item &item, int column)
{
    switch (column) {
        case TransferModel::NameColumn:
            return nameText(item);
        case TransferModel::SandboxColumn:
            return visibleText(item.request.sandboxName);
        case TransferModel::ProgressColumn:
            return progressText(item);
        case TransferModel::SpeedColumn:
            return speedText(item);
        case TransferModel::StateColumn:
            return stateText(item);
        default:
            return {};
    }
}

}  // namespace

int TransferModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_items.size());
}

int TransferModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant TransferModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const Item &item = m_items[static_cast<size_t>(index.row())];
    switch (role) {
        case Qt::DisplayRole:
            return displayText(item, index.column());
        case Qt::ToolTipRole:
        case Qt::AccessibleDescriptionRole:
            return QString(nameText(item) + u": "_s + stateText(item) + u", "_s +
                           progressText(item));
        case IdRole:
            return item.id;
        case ItemRole:
            return QVariant::fromValue(item);
        default:
            return {};
    }
}

QVariant TransferModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    switch (section) {
        case NameColumn:
            return tr("Name");
        case SandboxColumn:
            return tr("Sandbox");
        case ProgressColumn:
            return tr("Progress");
        case SpeedColumn:
            return tr("Speed");
        case StateColumn:
            return tr("State");
        default:
            return {};
    }
}

}  // namespace voidrun
