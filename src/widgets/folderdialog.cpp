// SPDX-License-Identifier: MIT
#include "folderdialog.h"

#include <QDialogButtonBox>
#include <QHeaderView>
#include <QPushButton>
#include <QSortFilterProxyModel>
#include <QTreeView>
#include <QVBoxLayout>

#include "errortext.h"
#include "icons.h"
#include "models/fsmodel.h"
#include "models/guestpath.h"
#include "problemlabel.h"

using namespace Qt::StringLiterals;

namespace voidrun
{

namespace
{

class FolderProxy : public QSortFilterProxyModel
{
public:
    using QSortFilterProxyModel::QSortFilterProxyModel;

    QVariant data(const QModelIndex &index, int role) const override
    {
        if (role == Qt::DecorationRole && index.column() == 0)
            return themedIcon(u"folder"_s);
        return QSortFilterProxyModel::data(index, role);
    }

protected:
    bool filterAcceptsRow(int row, const QModelIndex &parent) const override
    {
        return sourceModel()->index(row, 0, parent).data(FsModel::IsDirRole).toBool();
    }
};

}  // namespace

FolderDialog::FolderDialog(FsModel *model, const QString &folder, QWidget *parent)
    : QDialog(parent),
      m_model(model),
      m_folder(guestpath::clean(folder)),
      m_view(new QTreeView(this)),
      m_problem(new ProblemLabel(this))
{
    setWindowTitle(tr("Folder to work in"));
    resize(420, 420);
    m_model->setParent(this);
    auto *proxy = new FolderProxy(this);
    proxy->setSourceModel(m_model);
    m_view->setModel(proxy);
    m_view->setAccessibleName(tr("Folders of the sandbox"));
    m_view->setHeaderHidden(true);
    m_view->setEditTriggers(QAbstractItemView::NoEditTriggers);
    for (int column = 1; column < FsModel::ColumnCount; ++column)
        m_view->hideColumn(column);
    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Ok | QDialogButtonBox::Cancel, this);
    buttons->button(QDialogButtonBox::Ok)->setText(tr("Choose"));
    auto *layout = new QVBoxLayout(this);
    layout->addWidget(m_view);
    layout->addWidget(m_problem);
    layout->addWidget(buttons);
    const auto choose = [this] {
        Q_EMIT folderChosen(chosen());
        accept();
    };
    connect(buttons, &QDialogButtonBox::accepted, this, choose);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    connect(m_model, &FsModel::loadingFinished, this, &FolderDialog::showFolder);
    connect(m_model, &FsModel::loadingFailed, this,
            [this](const QString &path, const Error &error) {
                m_problem->showProblem(tr("“%1” cannot be listed. %2").arg(path, errorText(error)));
            });
    m_model->setRootPath(u"/"_s);
}

// Opens the tree as far as the folder that is wanted is known.
void FolderDialog::showFolder()
{
    if (m_folder.isEmpty())
        return;
    QString known = m_folder;
    QModelIndex index = m_model->indexOf(known);
    while (!index.isValid() && known != u"/"_s) {
        known = guestpath::parent(known);
        index = m_model->indexOf(known);
    }
    const auto *proxy = static_cast<const QSortFilterProxyModel *>(m_view->model());
    const QModelIndex shown = proxy->mapFromSource(index);
    if (!shown.isValid())
        return;
    m_view->setCurrentIndex(shown);
    m_view->scrollTo(shown);
    if (known == m_folder)
        m_folder.clear();
    else
        m_view->expand(shown);
}

QString FolderDialog::chosen() const
{
    const QModelIndex current = m_view->currentIndex();
    return current.isValid() ? current.data(FsModel::PathRole).toString() : u"/"_s;
}

}  // namespace voidrun
