// SPDX-License-Identifier: MIT
#pragma once

#include <QAbstractTableModel>

namespace voidrun
{

// A list of records (what JSON calls objects) as a table; its columns are their names. Rows beyond
// 50,000 and columns beyond 500 are left out. GUI thread.
class RecordsModel : public QAbstractTableModel
{
    Q_OBJECT

public:
    // Whether `value` is such a list, and not an empty one.
    static bool isList(const QVariant &value);

    explicit RecordsModel(const QVariant &value, QObject *parent = nullptr);

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    QVariantList m_records;
    QStringList m_names;
};

// A value as one short text: numbers and words as they are, what has parts by how many it has.
QString valueText(const QVariant &value);

}  // namespace voidrun
