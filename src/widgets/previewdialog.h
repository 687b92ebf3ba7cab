// SPDX-License-Identifier: MIT
#pragma once

#include <QDialog>
#include <QImage>

#include <memory>

#include "api/error.h"
#include "api/types.h"
#include "previewcontent.h"

class QAbstractItemModel;
class QAbstractItemView;

namespace voidrun
{

namespace Ui
{
class PreviewDialog;
}

class FileReader;

// A look at one file of a sandbox without downloading it: text, table, tree, picture or what is in
// an archive. Shows the first megabyte of a large text, or its end; nothing is executed. Stays
// beside the file list and follows its selection. GUI thread.
class PreviewDialog : public QDialog
{
    Q_OBJECT

public:
    // Takes the reader.
    explicit PreviewDialog(FileReader *reader, QWidget *parent = nullptr);
    ~PreviewDialog() override;

    void showFile(const FileEntry &entry);
    const FileEntry &entry() const { return m_entry; }

Q_SIGNALS:
    void downloadRequested(const QStringList &paths);

protected:
    void keyPressEvent(QKeyEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;

private:
    void read();
    void take(const QByteArray &bytes, bool isWhole);
    void showContent();
    void showText();
    void showTable();
    void showTree();
    void showImage(const QByteArray &bytes);
    void showArchive(const QByteArray &bytes);
    void showArchiveList(const ArchiveList &list);
    void showMessage(const QString &text);
    void fitImage();
    void updateBar();
    void setModel(QAbstractItemView *view, QAbstractItemModel *model);

    std::unique_ptr<Ui::PreviewDialog> m_ui;
    FileReader *m_reader;
    FileEntry m_entry;
    QByteArray m_bytes;
    QImage m_image;
    PreviewKind m_kind = PreviewKind::Empty;
    bool m_isWhole = false;
    bool m_asText = false;   // though it could be shown otherwise
    bool m_fromEnd = false;  // the last lines of a text
    int m_turn = 0;          // counts files, so that late results are known
};

}  // namespace voidrun
