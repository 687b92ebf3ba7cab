// SPDX-License-Identifier: MIT
#pragma once

#include <QPlainTextEdit>
#include <QTimer>

#include <memory>

namespace KSyntaxHighlighting
{
class Repository;
class SyntaxHighlighter;
}  // namespace KSyntaxHighlighting

namespace voidrun
{

// A text that is edited: coloured as its file's name tells, lines numbered, the new line indented
// like the one before. Long texts appear piece by piece and can be changed when they are whole.
// GUI thread.
class CodeEditor : public QPlainTextEdit
{
    Q_OBJECT

public:
    explicit CodeEditor(QWidget *parent = nullptr);
    ~CodeEditor() override;

    void showText(const QString &text, const QString &fileName);
    // All of it, what has not appeared yet too, with LF between the lines; nothing but line ends is
    // another than was typed.
    QString wholeText() const;
    QString languageName() const;  // empty for a plain text

    // For the column of numbers.
    int numberWidth() const;
    void paintNumbers(QPaintEvent *event);

Q_SIGNALS:
    void shown();  // all of the text is there

protected:
    void changeEvent(QEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;

private:
    void addPiece();
    void updateTheme();
    void updateNumbers();
    void markCurrentLine();
    void insertIndented();

    std::unique_ptr<KSyntaxHighlighting::Repository> m_repository;
    KSyntaxHighlighting::SyntaxHighlighter *m_highlighter;
    QWidget *m_numbers;
    QString m_text;  // what is not shown yet begins at m_at
    qsizetype m_at = 0;
    QTimer m_timer;
    bool m_usesSpaces = false;  // to indent
};

}  // namespace voidrun
