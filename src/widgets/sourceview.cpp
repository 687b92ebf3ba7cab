// SPDX-License-Identifier: MIT
#include "sourceview.h"

#include <KSyntaxHighlighting/Definition>
#include <KSyntaxHighlighting/Repository>
#include <KSyntaxHighlighting/SyntaxHighlighter>
#include <KSyntaxHighlighting/Theme>
#include <QEvent>
#include <QFontDatabase>
#include <QScrollBar>

using namespace Qt::StringLiterals;

namespace voidrun
{

namespace
{

constexpr qsizetype PieceSize = 8 * 1024;    // characters that are added and coloured at once
constexpr qsizetype LongestLine = 10'000;    // characters
constexpr int Margin = 10;                   // logical pixels around the text
constexpr qsizetype MostColoured = 512'000;  // characters; beyond that the text is plain

QString withShortLines(const QString &text)
{
    QString result;
    result.reserve(text.size());
    for (const QStringView line : QStringView(text).split(u'\n')) {
        if (!result.isNull() && (!result.isEmpty() || line.data() != text.data()))
            result += u'\n';
        result += line.left(LongestLine);
        if (line.size() > LongestLine)
            result += SourceView::tr(" … (this line goes on for %n more character(s))", nullptr,
                                     int(line.size() - LongestLine));
    }
    return result;
}

}  // namespace

SourceView::SourceView(QWidget *parent)
    : QPlainTextEdit(parent),
      m_repository(std::make_unique<KSyntaxHighlighting::Repository>()),
      m_highlighter(new KSyntaxHighlighting::SyntaxHighlighter(document()))
{
    setReadOnly(true);
    setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    setLineWrapMode(NoWrap);
    setUndoRedoEnabled(false);
    document()->setDocumentMargin(Margin);
    setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    setTabStopDistance(4 * fontMetrics().horizontalAdvance(u' '));
    updateTheme();
    connect(&m_timer, &QTimer::timeout, this, &SourceView::addPiece);
}

SourceView::~SourceView() = default;

void SourceView::showText(const QString &text, const QString &fileName)
{
    m_timer.stop();
    clear();
    m_fileName = fileName;
    m_text = withShortLines(text);
    m_at = 0;
    m_highlighter->setDefinition(m_text.size() <= MostColoured
                                     ? m_repository->definitionForFileName(fileName)
                                     : KSyntaxHighlighting::Definition());
    m_timer.start(0);
    addPiece();
}

void SourceView::addPiece()
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
    Q_EMIT shown();
}

void SourceView::updateTheme()
{
    m_highlighter->setTheme(m_repository->themeForPalette(palette()));
}

void SourceView::changeEvent(QEvent *event)
{
    QPlainTextEdit::changeEvent(event);
    if (event->type() != QEvent::PaletteChange)
        return;
    updateTheme();
    if (!m_text.isEmpty())
        showText(m_text, m_fileName);
}

}  // namespace voidrun
