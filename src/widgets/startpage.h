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

    // A button without a text is hidden.
    void showText(const QString &title, const QString &text = {}, const QString &button = {},
                  const QString &secondButton = {});

Q_SIGNALS:
    void mainButtonClicked();
    void secondButtonClicked();

private:
    std::unique_ptr<Ui::StartPage> m_ui;
};

}  // namespace voidrun
