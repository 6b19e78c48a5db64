# A service module and its packages.
{ config, lib, pkgs, ... }:

with lib;

let
  cfg = config.services.store;

  # Renders the settings as an INI file.
  renderSettings = { sections ? { }, extra ? "" }:
    generators.toINI { } sections + extra;

  format = pkgs.formats.toml { };
  inherit (lib) mkIf mkOption types;
  double = x: x * 2;
  twoArguments = a: b: a + b;
in
{
  imports = [ ./hardware.nix ../common/users.nix ];

  options.services.store = {
    enable = mkEnableOption "the store";

    # Port to listen on.
    port = mkOption {
      type = types.port;
      default = 8080;
      description = "Port of the store.";
    };
    "quoted name" = mkOption { type = types.str; };
  };

  config = mkIf cfg.enable {
    systemd.services.store = {
      description = "Store of values";
      wantedBy = [ "multi-user.target" ];
      serviceConfig = {
        ExecStart = "${pkgs.store}/bin/store --config ${format.generate "store.toml" cfg.settings}";
        Restart = "always";
      };
    };

    environment.etc."store/motd".text = ''
      Welcome to ${config.networking.hostName}.
      port = ${toString cfg.port};
    '';

    users.users.${cfg.user} = {
      isSystemUser = true;
    };
  };

  packages = rec {
    version = "1.2.0";
    store = pkgs.callPackage ./store.nix { inherit version; };
    tool = pkgs.stdenv.mkDerivation rec {
      pname = "tool";
      src = fetchFromGitHub { owner = "example"; repo = "tool"; };
      buildPhase = "make";
    };
  };

  broken = { a = 1; b = ( 2; };
}
