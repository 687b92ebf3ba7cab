// SPDX-License-Identifier: MIT
#include "recordsmodel.h"

#include <QLocale>

#include <algorithm>

#include "visibletext.h"

using namespace Qt::StringLiterals;

namespace voidrun
{

namespace
{

constexpr qsizetype MostRows = 50'000;
constexpr qsizetype MostColumns = 500;
constexpr qsizetype LongestText = 300;  // characters of one value

}  // namespace

QString valueText(const QVariant &value)
{
    switch (value.typeId()) {
        case QMetaType::QVariantMap:
            return RecordsModel::tr("%n member(s)", nullptr, int(value.toMap().size()));
        case QMetaType::QVariantList:
            return RecordsModel::tr("%n value(s)", nullptr, int(value.toList().size()));
        case QMetaType::Nullptr:
        case QMetaType::UnknownType:
            return u"null"_s;
        case QMetaType::Double:
            return QString::number(value.toDouble(), 'g', QLocale::FloatingPointShortest);
        default:
            return visibleText(value.toString());
    }
}

bool RecordsModel::isList(const QVariant &value)
{
    if (value.typeId() != QMetaType::QVariantList)
        return false;
    const QVariantList records = value.toList();
    return !records.isEmpty() && std::ranges::all_of(records, [](const QVariant &record) {
        return record.typeId() == QMetaType::QVariantMap;
    });
}

RecordsModel::RecordsModel(const QVariant &value, QObject *parent)
    : QAbstractTableModel(parent),
      m_records(value.toList().first(qMin(MostRows, value.toList().size())))
{
    for (const QVariant &record : m_records) {
        for (const QString &name : record.toMap().keys()) {
            if (m_names.size() < MostColumns && !m_names.contains(name))
                m_names.append(name);
        }
    }
}

int RecordsModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_records.size());
}

int RecordsModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_names.size());
}

QVariant RecordsModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const QVariantMap record = m_records[index.row()].toMap();
    const auto value = record.constFind(m_names[index.column()]);
    if (value == record.constEnd())
        return {};
    if (role == Qt::DisplayRole)
        return valueText(*value).left(LongestText);
    const int type = value->typeId();
    if (role == Qt::TextAlignmentRole && (type == QMetaType::Double || type == QMetaType::LongLong))
        return int(Qt::AlignRight | Qt::AlignVCenter);
    return {};
}

QVariant RecordsModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (role != Qt::DisplayRole)
        return {};
    return orientation == Qt::Horizontal ? QVariant(visibleText(m_names.value(section)))
                                         : QVariant(section + 1);
}

}  // namespace voidrun
