# Duva: the front door.  CMake does the work; see also CMakePresets.json.
# SPDX-License-Identifier: MIT
#
# `make` and `make install` install no Debian package: they say what is missing.
# The other targets install what they need, and name it.

PREFIX ?= /usr/local
JOBS ?= $(shell nproc 2>/dev/null || echo 2)
MAKEFLAGS += --no-print-directory

.PHONY: all test demo size arduino cmsis-pack amalgamation firmware \
	firmware-test interop check fuzz soak bench bench-quick bench-build \
	install deb format clean help mutate processors scarce

all: ## build the libraries, the command and the examples into build/
	@tools/setup --check build
	@cmake --preset release -DDUVA_TESTS=OFF -DDUVA_BENCH=OFF \
		-DCMAKE_RULE_MESSAGES=ON >/dev/null
	@cmake --build build -j $(JOBS)
	@echo 'Built: build/duva, build/netx_alarm, build/example_send'

test: ## run every test, with sanitizers and without; compile with clang too
	@tools/setup test size
	@tools/setup firmware || echo 'The tests on lwIP will be skipped.' >&2
	@echo '--- everything compiles with clang'
	@cmake --preset clang >/dev/null
	@cmake --build build/clang -j $(JOBS)
	@echo '--- every test, with AddressSanitizer and UndefinedBehaviorSanitizer'
	@cmake --preset sanitize >/dev/null
	@cmake --build build/sanitize -j $(JOBS)
	@ctest --preset sanitize -j $(JOBS)
	@echo '--- every test, in a release build'
	@cmake --preset release -DDUVA_TESTS=ON >/dev/null
	@cmake --build build -j $(JOBS)
	@ctest --preset release -j $(JOBS)

demo: ## send mail to real servers on this machine, and show it arrive
	@tools/setup build demo
	@$(MAKE) all
	@tools/demo

size: ## measure code and memory on small processors, and write doc/memory.md
	@tools/setup size
	@tools/size

arduino: ## make the Arduino library, build/arduino/Duva-VERSION.zip
	@tools/package arduino

cmsis-pack: ## make the CMSIS-Pack, build/cmsis/Duva.Duva.VERSION.pack
	@tools/package cmsis

firmware: ## build a device that mails, for an emulated Cortex-M4
	@tools/setup firmware
	@cmake -S firmware -B build/firmware >/dev/null
	@cmake --build build/firmware -j $(JOBS)
	@echo 'Built: build/firmware/mailer.elf'

firmware-test: ## run it, with failures at each stage; write its memory to doc/memory.md
	@$(MAKE) firmware
	@DUVA_WRITE=1 test/firmware/run

interop: ## send mail to every real server, and write doc/interop.md
	@tools/setup test
	@cmake --preset release -DDUVA_TESTS=ON >/dev/null
	@cmake --build build -j $(JOBS)
	@DUVA_WRITE=1 ctest --preset release -R '^(interop-matrix|servers-)'

check: ## check what the tests need no build for: layers, limits, headers, RFCs, docs
	@tools/setup test
	@tools/check-layers
	@tools/check-limits
	@tools/check-headers
	@tools/check-rfc
	@tools/check-calls
	@tools/check-design

scarce: ## let each allocation of the tests in test/scarce fail, which takes hours
	@tools/setup test
	@cmake --preset sanitize >/dev/null
	@cmake --build build/sanitize -j $(JOBS)
	@DUVA_SCARCE_RUNS=0 ctest --preset sanitize -L scarce --timeout 36000

fuzz: ## let libFuzzer at the engine for five minutes, and write doc/fuzz.md
	@tools/setup build fuzz
	@tools/fuzz

processors: ## run the tests on other processors, in QEMU; write doc/processors.md
	@tools/setup processors
	@test/processors/run

mutate: ## change the code in 2000 places, for hours, and write doc/mutation.md
	@tools/setup test
	@mkdir -p build
	@tools/mutate --count 2000 >build/mutate.txt
	@tools/mutate --page build/mutate.txt

soak: ## compare millions of verdicts with what was stored, and write doc/soak.md
	@tools/setup test
	@test/soak/run page

bench: ## measure Duva and its peers in turns, and write doc/benchmarks.md
	@$(MAKE) bench-build
	@bench/run --page

bench-quick: ## the same in two minutes, without the slow peers and the page
	@$(MAKE) bench-build
	@bench/run --quick

bench-build:
	@tools/setup bench
	@cmake --preset release -DDUVA_TESTS=OFF -DDUVA_BENCH=ON >/dev/null
	@cmake --build build -j $(JOBS)

install: all ## install into PREFIX (/usr/local), under DESTDIR if set
	@cmake --install build --prefix $(PREFIX)

amalgamation: ## write the library as one source and one header, duva.c and duva.h
	@tools/amalgamate
	@echo 'Written: build/amalgamation/duva.c, build/amalgamation/duva.h'

deb: ## make the Debian packages duva and libduva-dev in build/
	@tools/setup build deb
	@$(MAKE) all
	@cd build && cpack -G DEB >cpack.log || { cat cpack.log >&2; exit 1; }
	@ls build/*.deb

format: ## format the lines of C that differ from the last commit
	@tools/setup format
	@git clang-format --extensions c,h --force

clean: ## remove build/
	@rm -rf build

help: ## show this
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 14
