// SPDX-License-Identifier: MIT
#pragma once

#include <QWidget>

#include <memory>

namespace voidrun
{

namespace Ui
{
class StartPage;
}

// What a person sees while there is no sandbox: what to press, or what is wrong. GUI thread.
class StartPage : public QWidget
{
    Q_OBJECT

public:
    explicit StartPage(QWidget *parent = nullptr);
    ~StartPage() override;

    // An empty `button` hides it.
    void showText(const QString &title, const QString &text, const QString &button);
    // Whether a connection to a server is offered beside the main button.
    void setConnectionOffered(bool offered);

Q_SIGNALS:
    void mainButtonClicked();
    void connectionRequested();

private:
    std::unique_ptr<Ui::StartPage> m_ui;
};

}  // namespace voidrun
