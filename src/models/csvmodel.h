// SPDX-License-Identifier: MIT
#pragma once

#include <QAbstractTableModel>

namespace voidrun
{

// Text with values between commas, semicolons or tabs, as a table; its first line names the
// columns. Quotes as in RFC 4180. Rows beyond 50,000 and columns beyond 500 are left out. GUI
// thread.
class CsvModel : public QAbstractTableModel
{
    Q_OBJECT

public:
    // A last line that may be cut short is left out with `isWhole` false.
    CsvModel(const QString &text, bool isWhole, QObject *parent = nullptr);

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    void parse(QStringView text, bool isWhole);

    QList<QStringList> m_rows;
    QStringList m_header;
    int m_columns = 0;
};

}  // namespace voidrun
