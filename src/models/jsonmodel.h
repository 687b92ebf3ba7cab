// SPDX-License-Identifier: MIT
#pragma once

#include <QAbstractItemModel>

#include <memory>

namespace voidrun
{

// The JSON text of a file as a tree of names and values. Branches are made when a view asks for
// them. GUI thread.
class JsonModel : public QAbstractItemModel
{
    Q_OBJECT

public:
    enum Column { NameColumn, ValueColumn, ColumnCount };

    // Null when `text` is no JSON document.
    static std::unique_ptr<JsonModel> fromText(const QByteArray &text);
    ~JsonModel() override;

    QModelIndex index(int row, int column, const QModelIndex &parent = {}) const override;
    QModelIndex parent(const QModelIndex &child) const override;
    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    bool hasChildren(const QModelIndex &parent = {}) const override;
    bool canFetchMore(const QModelIndex &parent) const override;
    void fetchMore(const QModelIndex &parent) override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    struct Node;

    explicit JsonModel(std::unique_ptr<Node> root);
    Node *node(const QModelIndex &index) const;

    std::unique_ptr<Node> m_root;
    bool m_isFetching = false;
};

}  // namespace voidrun
