// SPDX-License-Identifier: MIT
#pragma once

#include <QAbstractListModel>

class QSettings;

namespace voidrun
{

// A text that a person wants to have at hand in terminals. A plain value.
struct Snippet {
    QString name;  // one line; may be empty, then the text stands for it
    QString text;  // may have several lines
    bool operator==(const Snippet &) const = default;
};

// The kept snippets, in the order that the person gave them. Kept in the settings, which outlive
// this. GUI thread.
class Snippets : public QAbstractListModel
{
    Q_OBJECT

public:
    static constexpr qsizetype MostSnippets = 200;
    static constexpr qsizetype LongestText = 10'000;  // characters
    static constexpr qsizetype LongestName = 80;

    explicit Snippets(QSettings *settings, QObject *parent = nullptr);

    int rowCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;

    // Out of bounds: an empty one.
    Snippet at(int row) const { return m_snippets.value(row); }
    // False where there is no room for it or it has no text.
    bool add(const Snippet &snippet);
    bool change(int row, const Snippet &snippet);
    void remove(int row);
    void move(int row, int steps);  // up or down

    // What the list shows for one.
    static QString titleOf(const Snippet &snippet);

private:
    void save();

    QSettings *m_settings;
    QList<Snippet> m_snippets;
};

}  // namespace voidrun
