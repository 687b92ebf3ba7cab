// SPDX-License-Identifier: MIT
#include "previewdialog.h"

#include <QHeaderView>
#include <QKeyEvent>
#include <QLocale>
#include <QStandardItemModel>

#include "background.h"
#include "errortext.h"
#include "models/csvmodel.h"
#include "models/filereader.h"
#include "models/jsonmodel.h"
#include "models/visibletext.h"
#include "ui_previewdialog.h"

using namespace Qt::StringLiterals;

namespace voidrun
{

namespace
{

constexpr qint64 TextLimit = 1024 * 1024;        // bytes
constexpr qint64 WholeLimit = 32 * 1024 * 1024;  // bytes of a picture or an archive
constexpr int EndLines = 1000;                   // shown of a text's end
constexpr QSize LargestImage(4096, 4096);
constexpr int MostColumnWidth = 40;  // average characters

}  // namespace

PreviewDialog::PreviewDialog(FileReader *reader, QWidget *parent)
    : QDialog(parent), m_ui(std::make_unique<Ui::PreviewDialog>()), m_reader(reader)
{
    reader->setParent(this);
    m_ui->setupUi(this);
    connect(m_ui->closeButton, &QPushButton::clicked, this, &QDialog::close);
    connect(m_ui->downloadButton, &QPushButton::clicked, this,
            [this] { Q_EMIT downloadRequested({m_entry.path}); });
    connect(m_ui->textButton, &QPushButton::clicked, this, [this] {
        m_asText = !m_asText;
        showContent();
    });
    connect(m_ui->endButton, &QPushButton::clicked, this, [this] {
        m_fromEnd = !m_fromEnd;
        read();
    });
    connect(
        reader, &FileReader::finished, this,
        [this](const QString &, const QByteArray &bytes, bool isWhole) { take(bytes, isWhole); });
    connect(reader, &FileReader::failed, this, [this](const QString &path, const Error &error) {
        showMessage(tr("“%1” could not be read. %2").arg(visibleText(path), errorText(error)));
    });
    for (QPushButton *button : findChildren<QPushButton *>())
        button->setAutoDefault(false);
}

PreviewDialog::~PreviewDialog() = default;

void PreviewDialog::showFile(const FileEntry &entry)
{
    ++m_turn;
    m_entry = entry;
    m_bytes.clear();
    m_image = {};
    m_asText = false;
    m_fromEnd = false;
    setWindowTitle(visibleText(entry.name));
    if (entry.isDir) {
        m_reader->stop();
        showMessage(tr("“%1” is a folder.").arg(visibleText(entry.name)));
    } else {
        read();
    }
}

void PreviewDialog::read()
{
    m_kind = PreviewKind::Empty;
    showMessage(tr("Opening…"));
    if (m_fromEnd)
        m_reader->readEnd(m_entry.path, EndLines);
    else
        m_reader->readBeginning(m_entry.path, TextLimit);
}

void PreviewDialog::take(const QByteArray &bytes, bool isWhole)
{
    const bool isMore = bytes.size() > TextLimit;
    m_bytes = bytes;
    m_isWhole = isWhole;
    m_kind = m_fromEnd ? PreviewKind::Text : previewKind(m_entry.name, bytes);
    const bool needsAll = m_kind == PreviewKind::Image || m_kind == PreviewKind::Archive;
    if (needsAll && !isWhole && !isMore)
        return m_reader->readBeginning(m_entry.path, WholeLimit);
    showContent();
}

void PreviewDialog::showContent()
{
    if (m_asText)
        return showText();
    switch (m_kind) {
        case PreviewKind::Empty:
            return showMessage(tr("“%1” is empty.").arg(visibleText(m_entry.name)));
        case PreviewKind::Binary:
            return showMessage(tr("“%1” is not a text, a picture or an archive that can be shown "
                                  "here. Download it to open it with its own program.")
                                   .arg(visibleText(m_entry.name)));
        case PreviewKind::Text:
            return showText();
        case PreviewKind::Json:
            return showTree();
        case PreviewKind::Table:
            return showTable();
        case PreviewKind::Image:
            return showImage(m_bytes);
        case PreviewKind::Archive:
            return showArchive(m_bytes);
    }
}

void PreviewDialog::showText()
{
    m_ui->sourceView->showText(previewText(m_bytes), m_entry.name);
    m_ui->stack->setCurrentWidget(m_ui->sourceView);
    if (m_fromEnd)
        m_ui->sourceView->moveCursor(QTextCursor::End);
    updateBar();
}

void PreviewDialog::setModel(QAbstractItemView *view, QAbstractItemModel *model)
{
    const QAbstractItemModel *old = view->model();
    view->setModel(model);
    delete old;
    m_ui->stack->setCurrentWidget(view);
    updateBar();
}

void PreviewDialog::showTable()
{
    setModel(m_ui->tableView, new CsvModel(previewText(m_bytes), m_isWhole, this));
    QTableView *view = m_ui->tableView;
    view->horizontalHeader()->setResizeContentsPrecision(100);  // rows looked at
    view->resizeColumnsToContents();
    const int most = MostColumnWidth * fontMetrics().averageCharWidth();
    for (int column = 0; column < view->model()->columnCount(); ++column) {
        if (view->columnWidth(column) > most)
            view->setColumnWidth(column, most);
    }
}

// A document that is cut, or is none, is shown as text.
void PreviewDialog::showTree()
{
    std::unique_ptr<JsonModel> model = m_isWhole ? JsonModel::fromText(m_bytes) : nullptr;
    if (!model) {
        m_kind = PreviewKind::Text;
        return showText();
    }
    model->setParent(this);
    setModel(m_ui->treeView, model.release());
    m_ui->treeView->setRootIsDecorated(true);
    m_ui->treeView->header()->resizeSection(0, width() / 3);
}

void PreviewDialog::showImage(const QByteArray &bytes)
{
    if (!m_isWhole)
        return showMessage(tr("This picture is too large to be shown here."));
    struct Decoded {
        QImage image;
        QSize fullSize;
    };
    inBackground(
        this,
        [bytes] {
            Decoded decoded;
            decoded.image = previewImage(bytes, LargestImage, &decoded.fullSize);
            return decoded;
        },
        [this, turn = m_turn](const Decoded &decoded) {
            if (turn != m_turn)
                return;
            if (decoded.image.isNull())
                return showMessage(
                    tr("This picture cannot be shown: it is damaged, or too large."));
            m_image = decoded.image;
            m_ui->stack->setCurrentWidget(m_ui->imageLabel);
            fitImage();
            updateBar();
            m_ui->infoLabel->setText(tr("%1 × %2 pixels, %3")
                                         .arg(decoded.fullSize.width())
                                         .arg(decoded.fullSize.height())
                                         .arg(QLocale().formattedDataSize(m_entry.size)));
        });
}

void PreviewDialog::fitImage()
{
    if (m_image.isNull())
        return;
    const qreal ratio = devicePixelRatio();
    const QSize room = m_ui->stack->size() * ratio;
    QImage shown = m_image;
    if (shown.width() > room.width() || shown.height() > room.height())
        shown = shown.scaled(room, Qt::KeepAspectRatio, Qt::SmoothTransformation);
    QPixmap pixmap = QPixmap::fromImage(shown);
    pixmap.setDevicePixelRatio(ratio);
    m_ui->imageLabel->setPixmap(pixmap);
}

void PreviewDialog::showArchive(const QByteArray &bytes)
{
    inBackground(
        this, [bytes] { return previewArchive(bytes); },
        [this, turn = m_turn](const ArchiveList &list) {
            if (turn == m_turn)
                showArchiveList(list);
        });
}

void PreviewDialog::showArchiveList(const ArchiveList &list)
{
    if (list.names.isEmpty())
        return showMessage(list.isComplete ? tr("This archive is empty.")
                                           : tr("This archive cannot be read; it may be damaged."));
    auto *model = new QStandardItemModel(0, 2, this);
    model->setHorizontalHeaderLabels({tr("Name"), tr("Size")});
    for (qsizetype i = 0; i < list.names.size(); ++i) {
        const QString &name = list.names.at(i);
        const qint64 size = list.sizes.at(i);
        const bool hasSize = size >= 0 && !name.endsWith(u'/');
        auto *sizeItem = new QStandardItem(hasSize ? QLocale().formattedDataSize(size) : QString());
        sizeItem->setTextAlignment(Qt::AlignRight | Qt::AlignVCenter);
        model->appendRow({new QStandardItem(visibleText(name)), sizeItem});
    }
    setModel(m_ui->treeView, model);
    m_ui->treeView->setRootIsDecorated(false);
    m_ui->treeView->header()->setStretchLastSection(false);
    m_ui->treeView->header()->setSectionResizeMode(0, QHeaderView::Stretch);
    m_ui->infoLabel->setText(
        list.isComplete
            ? tr("%n file(s) and folder(s)", nullptr, int(list.names.size()))
            : tr("The first %n file(s) and folder(s)", nullptr, int(list.names.size())));
}

void PreviewDialog::showMessage(const QString &text)
{
    m_ui->messageLabel->setText(text);
    m_ui->stack->setCurrentWidget(m_ui->messagePage);
    updateBar();
}

void PreviewDialog::updateBar()
{
    const QWidget *page = m_ui->stack->currentWidget();
    const bool isText = page == m_ui->sourceView;
    const QString size = QLocale().formattedDataSize(m_entry.size);
    if (page == m_ui->messagePage)
        m_ui->infoLabel->setText(m_entry.isDir ? QString() : size);
    else if (isText && m_fromEnd)
        m_ui->infoLabel->setText(tr("The last %n line(s) of %1", nullptr, EndLines).arg(size));
    else if (!m_isWhole)
        m_ui->infoLabel->setText(
            tr("The first %1 of %2").arg(QLocale().formattedDataSize(m_bytes.size()), size));
    else
        m_ui->infoLabel->setText(size);
    m_ui->textButton->setVisible(m_kind == PreviewKind::Json || m_kind == PreviewKind::Table);
    m_ui->textButton->setText(!m_asText                     ? tr("As &text")
                              : m_kind == PreviewKind::Json ? tr("As a &tree")
                                                            : tr("As a &table"));
    m_ui->endButton->setVisible((isText && !m_isWhole) || m_fromEnd);
    m_ui->endButton->setText(m_fromEnd ? tr("The &beginning") : tr("The &end"));
    m_ui->downloadButton->setEnabled(!m_entry.isDir);
}

void PreviewDialog::keyPressEvent(QKeyEvent *event)
{
    if (event->key() == Qt::Key_Space && event->modifiers() == Qt::NoModifier)
        close();
    else
        QDialog::keyPressEvent(event);
}

void PreviewDialog::resizeEvent(QResizeEvent *event)
{
    QDialog::resizeEvent(event);
    fitImage();
}

}  // namespace voidrun
