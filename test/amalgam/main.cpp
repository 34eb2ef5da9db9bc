// main.cpp - sends a mail by duva.c from C++, to a server in memory.
// SPDX-License-Identifier: MIT
#include "link.h"

#include <cstdint>
#include <iostream>
#include <string>
#include <string_view>
#include <vector>

namespace {

class Client {
public:
    explicit Client(duva_link &link)
    {
        config_.name = "pump7.example.net";
        config_.tls = DUVA_TLS_NEVER;
        client_.link = &link;
        error_ = duva_client_init(&client_, &config_, buffer_.data(),
                                  buffer_.size());
    }
    ~Client() { duva_close(&client_); }
    Client(const Client &) = delete;
    Client &operator=(const Client &) = delete;

    duva_verdict send(const std::string &to, std::string_view message)
    {
        duva_memory source{ message.data(), message.size(), 0 };
        duva_rcpt   rcpt{};
        duva_mail   mail{};

        rcpt.addr = to.c_str();
        mail.from = "ada@example.net";
        mail.rcpt = &rcpt;
        mail.rcpt_count = 1;
        if (error_ == DUVA_OK)
            error_ = duva_send_mail(&client_, &mail, duva_memory_read,
                                    &source);
        return static_cast<duva_verdict>(mail.result.verdict);
    }

private:
    duva_config               config_{};
    duva_client               client_{};
    std::vector<std::uint8_t> buffer_ = std::vector<std::uint8_t>(256);
    int                       error_;
};

} // namespace

int main()
{
    memory_link server;

    memory_link_open(&server);
    {
        Client client(server.link);
        const auto verdict = client.send("bob@example.org",
                                         "Subject: Pump 7\n\n.\n");

        if (verdict != DUVA_ACCEPTED) {
            std::cerr << duva_verdict_name(verdict) << '\n';
            return 1;
        }
    }
    const std::string_view got(server.message, server.message_len);
    if (got != "Subject: Pump 7\r\n\r\n..\r\n.\r\n") {
        std::cerr << "the server has: " << got << '\n';
        return 1;
    }
    return 0;
}
