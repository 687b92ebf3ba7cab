// SPDX-License-Identifier: MIT
#pragma once

#include <QAbstractScrollArea>
#include <QPointer>
#include <QTextLayout>
#include <QTimer>

#include <memory>
#include <vector>

#include "models/outputlog.h"

namespace voidrun
{

// Shows an OutputLog of any length: only the lines on the screen are laid out. Errors have a mark
// at their left besides their colour. Follows the end while the end is shown. Lines are chosen with
// the mouse or Shift and the arrow keys. GUI thread.
class OutputView : public QAbstractScrollArea
{
    Q_OBJECT

public:
    explicit OutputView(QWidget *parent = nullptr);
    ~OutputView() override;

    void setLog(OutputLog *log);  // null: nothing
    OutputLog *log() const { return m_log; }
    void setWrapped(bool wrapped);
    bool isWrapped() const { return m_isWrapped; }

    // Marks `text` wherever it is seen and goes to where it is next; found() tells.
    void search(const QString &text, bool forward, bool fromHere);
    bool hasSelection() const;
    void copySelection();  // all of it where nothing is chosen
    void selectAll();

    qint64 topLine() const;
    QString visibleLines() const;
    // What a screen reader says: the lines on the screen, errors told as such; `place` is in the
    // viewport.
    struct SpokenLine {
        QString text;
        QRect place;
    };
    QList<SpokenLine> spokenLines();

Q_SIGNALS:
    void found(qint64 line);  // -1: nowhere

protected:
    void paintEvent(QPaintEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void changeEvent(QEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    void mouseMoveEvent(QMouseEvent *event) override;
    void mouseDoubleClickEvent(QMouseEvent *event) override;
    void contextMenuEvent(QContextMenuEvent *event) override;
    void scrollContentsBy(int dx, int dy) override;

private:
    struct Place {
        qint64 line = 0;
        qsizetype column = 0;

        auto operator<=>(const Place &) const = default;
    };
    struct Row {
        qint64 line = 0;
        qreal top = 0;
        bool isError = false;
        std::unique_ptr<QTextLayout> layout;
    };

    void relayout();
    void layOut();
    void tellReaders();
    Row rowOf(qint64 line, qreal top) const;
    QList<QTextLayout::FormatRange> formatsOf(const OutputLog::Line &line, qint64 number) const;
    QTextCharFormat formatOf(const AnsiStyle &style, bool isError) const;
    QColor colorOf(quint32 color, const QColor &other) const;
    QColor errorColor() const;
    void updateBars();
    int lastTop() const;
    int gutterWidth() const;
    Place placeAt(const QPoint &point);
    void moveSelection(int lines);
    void goTo(qint64 line);

    QPointer<OutputLog> m_log;
    std::vector<Row> m_rows;  // on the screen
    QTimer m_timer;           // what arrives is painted so often at most
    Place m_anchor;
    Place m_end;
    QString m_searched;
    qint64 m_foundLine = -1;
    QString m_spoken;  // what screen readers know
    qreal m_widest = 0;
    bool m_isWrapped = true;
    bool m_isStale = true;  // m_rows
    bool m_followsEnd = true;
    bool m_isUpdating = false;
};

}  // namespace voidrun
