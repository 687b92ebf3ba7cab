// SPDX-License-Identifier: MIT
#include "codeeditor.h"

#include <KSyntaxHighlighting/Definition>
#include <KSyntaxHighlighting/Repository>
#include <KSyntaxHighlighting/SyntaxHighlighter>
#include <KSyntaxHighlighting/Theme>
#include <QFontDatabase>
#include <QPainter>
#include <QTextBlock>

#include "calmstyle.h"

using namespace Qt::StringLiterals;

namespace voidrun
{

namespace
{

constexpr qsizetype PieceSize = 8 * 1024;    // characters that are added and coloured at once
constexpr qsizetype MostColoured = 512'000;  // characters; beyond that the text is plain
constexpr int Margin = 6;                    // logical pixels beside the numbers
constexpr int TabWidth = 4;                  // characters

class NumberColumn : public QWidget
{
public:
    explicit NumberColumn(CodeEditor *editor) : QWidget(editor), m_editor(editor) {}
    QSize sizeHint() const override { return {m_editor->numberWidth(), 0}; }

protected:
    void paintEvent(QPaintEvent *event) override { m_editor->paintNumbers(event); }

private:
    CodeEditor *m_editor;
};

bool indentsBySpaces(const QString &text)
{
    return !text.contains("\n\t"_L1) && (text.contains("\n  "_L1) || text.startsWith("  "_L1));
}

}  // namespace

CodeEditor::CodeEditor(QWidget *parent)
    : QPlainTextEdit(parent),
      m_repository(std::make_unique<KSyntaxHighlighting::Repository>()),
      m_highlighter(new KSyntaxHighlighting::SyntaxHighlighter(document())),
      m_numbers(new NumberColumn(this))
{
    setLineWrapMode(NoWrap);
    setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    setTabStopDistance(TabWidth * fontMetrics().horizontalAdvance(u' '));
    updateTheme();
    connect(&m_timer, &QTimer::timeout, this, &CodeEditor::addPiece);
    connect(this, &QPlainTextEdit::blockCountChanged, this, &CodeEditor::updateNumbers);
    connect(this, &QPlainTextEdit::cursorPositionChanged, this, &CodeEditor::markCurrentLine);
    connect(this, &QPlainTextEdit::updateRequest, this, [this](const QRect &area, int scrolled) {
        if (scrolled != 0)
            m_numbers->scroll(0, scrolled);
        else
            m_numbers->update(0, area.y(), m_numbers->width(), area.height());
    });
    updateNumbers();
}

CodeEditor::~CodeEditor() = default;

void CodeEditor::showText(const QString &text, const QString &fileName)
{
    m_timer.stop();
    setReadOnly(true);
    setUndoRedoEnabled(false);
    clear();
    m_text = text;
    m_at = 0;
    m_usesSpaces = indentsBySpaces(text);
    m_highlighter->setDefinition(m_text.size() <= MostColoured
                                     ? m_repository->definitionForFileName(fileName)
                                     : KSyntaxHighlighting::Definition());
    m_timer.start(0);
    addPiece();
}

void CodeEditor::addPiece()
{
    qsizetype end = qMin(m_at + PieceSize, m_text.size());
    if (end < m_text.size()) {
        const qsizetype newline = m_text.indexOf(u'\n', end);
        end = newline < 0 ? m_text.size() : newline + 1;
    }
    QTextCursor cursor(document());
    cursor.movePosition(QTextCursor::End);
    cursor.insertText(m_text.sliced(m_at, end - m_at));
    m_at = end;
    if (m_at < m_text.size())
        return;
    m_timer.stop();
    m_text.clear();
    m_at = 0;
    setUndoRedoEnabled(true);
    document()->setModified(false);
    setReadOnly(false);
    moveCursor(QTextCursor::Start);
    markCurrentLine();
    Q_EMIT shown();
}

// Not toPlainText(), which makes plain spaces of those that must not break.
QString CodeEditor::wholeText() const
{
    QString text = document()->toRawText() + m_text.sliced(m_at);  // and what is not shown yet
    text.replace("\r\n"_L1, "\n"_L1);
    text.replace(u'\r', u'\n');
    text.replace(QChar(QChar::ParagraphSeparator), u'\n');
    text.replace(QChar(QChar::LineSeparator), u'\n');  // what Shift+Enter makes
    return text;
}

QString CodeEditor::languageName() const
{
    const KSyntaxHighlighting::Definition definition = m_highlighter->definition();
    return definition.isValid() ? definition.translatedName() : QString();
}

void CodeEditor::updateTheme()
{
    m_highlighter->setTheme(m_repository->themeForPalette(palette()));
}

void CodeEditor::changeEvent(QEvent *event)
{
    QPlainTextEdit::changeEvent(event);
    if (event->type() == QEvent::PaletteChange) {
        updateTheme();
        if (document()->characterCount() <= MostColoured)
            m_highlighter->rehighlight();
        markCurrentLine();
    } else if (event->type() == QEvent::FontChange) {
        setTabStopDistance(TabWidth * fontMetrics().horizontalAdvance(u' '));
        updateNumbers();
    }
}

void CodeEditor::keyPressEvent(QKeyEvent *event)
{
    const bool isPlain = (event->modifiers() & ~Qt::KeypadModifier) == Qt::NoModifier;
    if (isReadOnly() || !isPlain)
        return QPlainTextEdit::keyPressEvent(event);
    if (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter)
        insertIndented();
    else if (event->key() == Qt::Key_Tab && m_usesSpaces)
        insertPlainText(QString(TabWidth - textCursor().positionInBlock() % TabWidth, u' '));
    else
        QPlainTextEdit::keyPressEvent(event);
}

void CodeEditor::insertIndented()
{
    QTextCursor cursor = textCursor();
    const QString line = cursor.block().text().first(
        qMin(cursor.positionInBlock(), int(cursor.block().text().size())));
    qsizetype indent = 0;
    while (indent < line.size() && (line[indent] == u' ' || line[indent] == u'\t'))
        ++indent;
    cursor.insertText(u'\n' + line.first(indent));
    setTextCursor(cursor);
    ensureCursorVisible();
}

void CodeEditor::resizeEvent(QResizeEvent *event)
{
    QPlainTextEdit::resizeEvent(event);
    updateNumbers();
}

int CodeEditor::numberWidth() const
{
    const auto digits = qMax(qsizetype(3), QString::number(blockCount()).size());
    return int(digits) * fontMetrics().horizontalAdvance(u'9') + 2 * Margin + 4;
}

void CodeEditor::updateNumbers()
{
    const int width = numberWidth();
    setViewportMargins(width, 0, 0, 0);
    const QRect area = contentsRect();
    m_numbers->setGeometry(area.left(), area.top(), width, area.height());
}

void CodeEditor::markCurrentLine()
{
    QTextEdit::ExtraSelection line;
    line.format.setBackground(
        mixed(palette().color(QPalette::Highlight), palette().color(QPalette::Base), 0.08));
    line.format.setProperty(QTextFormat::FullWidthSelection, true);
    line.cursor = textCursor();
    line.cursor.clearSelection();
    setExtraSelections({line});
    m_numbers->update();
}

void CodeEditor::paintNumbers(QPaintEvent *event)
{
    QPainter painter(m_numbers);
    const QColor base = palette().color(QPalette::Base);
    const QColor text = palette().color(QPalette::Text);
    painter.fillRect(event->rect(), mixed(text, base, 0.03));
    painter.setFont(font());
    QTextBlock block = firstVisibleBlock();
    const int current = textCursor().blockNumber();
    qreal top = blockBoundingGeometry(block).translated(contentOffset()).top();
    while (block.isValid() && top <= event->rect().bottom()) {
        const qreal height = blockBoundingRect(block).height();
        if (block.isVisible() && top + height >= event->rect().top()) {
            painter.setPen(mixed(text, base, block.blockNumber() == current ? 0.85 : 0.5));
            painter.drawText(
                QRectF(0, top, m_numbers->width() - Margin - 2, fontMetrics().height()),
                Qt::AlignRight, QString::number(block.blockNumber() + 1));
        }
        block = block.next();
        top += height;
    }
}

}  // namespace voidrun
