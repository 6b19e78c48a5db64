#!/usr/bin/env perl
package Post::Office;
use Mojo::Base 'Post::Base', -signatures;
use strict;
use warnings;
use parent -norequire, 'Post::Counter';
use Scalar::Util qw(blessed weaken);
require Post::Stamp;

use constant LIMIT => 20;
use constant {
  SMALL => 1,
  LARGE => 2,
};

our $VERSION = '1.04';
our %RATES = (letter => 1, parcel => 5);
my $secret = 'none';

# How many clerks there are.
has clerks => 3;
has 'stamps' => sub { my $self = shift; return [] };
has(city => 'Rome');

# Makes an office.
#
# Never fails.
sub new {
  my ($class, %args) = @_;
  my $self = bless {%args}, $class;
  return $self;
}

sub send_letter ($self, $to, $weight = 1) {
  my $price = $RATES{letter} * $weight;
  my $check = sub { return shift > 0 };
  $self->_log("to $to") if $check->($price);
  return Post::Stamp->new($price);
}

sub _log { print STDERR "$_[1]\n" }

sub forward;

my $round = sub { return int(shift) };
*send_mail = sub { goto &send_letter };

BEGIN {
  our $AT_START = 1;
  *alias = \&send_letter;
}

package Post::Inner {
  our $DEPTH = 1;
  sub deep { return weaken($_[0]) }
}

package Post::Other;

sub other { Post::Office::new('Post::Office') }

=head1 NAME

Post::Office - sends letters

=cut

package main;

use Test::More;

subtest 'sends letters' => sub {
  my $office = Post::Office->new;
  ok $office->send_letter('Ada'), 'sent';
};

sub broken {
  my $x = ;
  return (1 + ;
}

sub after { return 1 }
