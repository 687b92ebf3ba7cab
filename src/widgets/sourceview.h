// SPDX-License-Identifier: MIT
#pragma once

#include <QPlainTextEdit>
#include <QStringList>
#include <QTimer>

#include <memory>

namespace KSyntaxHighlighting
{
class Repository;
class SyntaxHighlighter;
}  // namespace KSyntaxHighlighting

namespace voidrun
{

// A text with the colours of its language, which its file's name tells; colours follow dark mode.
// Long texts appear piece by piece, so that the window never waits. GUI thread.
class SourceView : public QPlainTextEdit
{
    Q_OBJECT

public:
    explicit SourceView(QWidget *parent = nullptr);
    ~SourceView() override;

    // Read-only; lines beyond 10,000 characters are cut and say so.
    void showText(const QString &text, const QString &fileName);

Q_SIGNALS:
    void shown();  // all of the text is there

protected:
    void changeEvent(QEvent *event) override;

private:
    void addPiece();
    void updateTheme();

    std::unique_ptr<KSyntaxHighlighting::Repository> m_repository;
    KSyntaxHighlighting::SyntaxHighlighter *m_highlighter;
    QString m_text;
    QString m_fileName;
    qsizetype m_at = 0;
    QTimer m_timer;
};

}  // namespace voidrun
