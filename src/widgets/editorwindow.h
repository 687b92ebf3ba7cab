// SPDX-License-Identifier: MIT
#pragma once

#include <QWidget>

#include <functional>
#include <memory>
#include <optional>

#include "models/textfile.h"

namespace voidrun
{

namespace Ui
{
class EditorWindow;
}

class OpenEdits;

// The editor for texts where the desktop has no program, or none is wanted. Reads and writes the
// copy of an edited file, as any other editor does; OpenEdits sends what was saved. Encoding, mark
// and line ends stay what they are. GUI thread.
class EditorWindow : public QWidget
{
    Q_OBJECT

public:
    static constexpr qint64 MaxSize = 4LL << 20;  // bytes

    // Shows itself when the text is there. `edits` outlives it; the window goes with the edit.
    EditorWindow(OpenEdits *edits, int id, QWidget *parent = nullptr);
    ~EditorWindow() override;

    int id() const { return m_id; }
    bool hasUnsaved() const;
    void save(const std::function<void()> &saved = {});
    // Closes without a question.
    void discard();

Q_SIGNALS:
    // What the person wants is not possible here; a sentence.
    void refused(int id, const QString &sentence);

protected:
    void closeEvent(QCloseEvent *event) override;

private:
    void setUpActions();
    void load();
    void take(const QByteArray &bytes);
    void refuse(const QString &sentence);
    void checkFile();
    void write(const QByteArray &bytes, bool evenIfOther, const std::function<void()> &saved);
    void askOverwrite(const QByteArray &bytes, const std::function<void()> &saved);
    void showFind();
    void hideFind();
    void find(bool backwards);
    void updateTitle();
    void updateInfo();
    void updateState();

    std::unique_ptr<Ui::EditorWindow> m_ui;
    OpenEdits *m_edits;
    int m_id;
    QString m_file;
    std::optional<TextFile> m_text;
    QByteArray m_bytes;  // what the file held when it was read or written last
    bool m_isSaving = false;
    bool m_isDiscarded = false;
};

}  // namespace voidrun
