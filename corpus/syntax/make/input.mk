# Builds the store.
include config.mk
-include $(DEPS) local.mk

CC ?= cc
CFLAGS := -O2 -Wall
CFLAGS += -g
SOURCES = $(wildcard src/*.c)
OBJECTS = $(SOURCES:.c=.o)
override DEBUG = 1
export PATH := /opt/bin:$(PATH)
VERSION != git describe

.PHONY: all clean test
.DEFAULT_GOAL := all

# Everything.
all: build/store docs

## Links the program.
build/store: $(OBJECTS) | build
	$(CC) -o $@ $^ \
	  $(LDFLAGS)
	strip $@

%.o: %.c config.h
	$(CC) $(CFLAGS) -c -o $@ $<

build docs:
	mkdir -p $@

clean: ; rm -rf build

test: export MODE = test
test: all
	./build/store --self-test

define run-tool
	@echo running $(1)
	$(1) --quiet $(2)
endef

ifeq ($(OS),Windows_NT)
EXE = .exe
install: all
	copy store.exe C:\bin
else
install: all ## Installs it.
	install build/store /usr/local/bin
endif

$(call run-tool,check)
tools/%: tools.in
	$(call run-tool,$@,fast)
$(OBJECTS): CFLAGS += -fPIC

lib.a(member.o): member.o
broken
	echo "no colon"
