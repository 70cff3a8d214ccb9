; The installer for Windows, made with Inno Setup 6. packaging/build.py passes the definitions and
; writes the list of files. Per user, no administrator: {autopf} is %LOCALAPPDATA%\Programs.

#define AppName "Slipstream"
#define AppExe "slipstream.exe"
; Where the program keeps settings, chats, models and logs (app/paths.py).
#define DataDir "{localappdata}\slipstream"

[Setup]
; Never change: by this number an upgrade finds what it upgrades.
AppId={{6C1A3E0B-6A0F-4F53-9C35-2F1B6C0D8E47}
AppName={#AppName}
AppVersion={#AppVersion}
AppVerName={#AppName} {#AppVersion}
AppPublisher={#AppName} contributors
VersionInfoVersion={#FileVersion}
VersionInfoProductName={#AppName}
VersionInfoDescription={#AppName} Setup
DefaultDirName={autopf}\{#AppName}
DisableDirPage=auto
DisableProgramGroupPage=yes
PrivilegesRequired=lowest
PrivilegesRequiredOverridesAllowed=commandline dialog
ArchitecturesAllowed=x64compatible
ArchitecturesInstallIn64BitMode=x64compatible
MinVersion=10.0.19041
OutputDir={#OutDir}
OutputBaseFilename={#AppName}-{#AppVersion}-windows-x64-setup
SetupIconFile={#Icons}\slipstream.ico
UninstallDisplayIcon={app}\{#AppExe}
UninstallDisplayName={#AppName}
LicenseFile={#Source}\_internal\LICENSE
Compression=lzma2/max
SolidCompression=yes
WizardStyle=modern
; Held by the program while it runs (app/windows_shell.py).
AppMutex=SlipstreamRunning
SetupMutex=SlipstreamSetup
CloseApplications=yes
RestartApplications=no
#ifdef SignTool
SignTool={#SignTool}
SignedUninstaller=yes
#endif

[Languages]
Name: "en"; MessagesFile: "compiler:Default.isl"

[CustomMessages]
en.DeleteData=Also delete your chats, settings and downloaded models?%n%n%1%n%nThis cannot be undone. "No" keeps them for a later installation.

[Tasks]
Name: "desktopicon"; Description: "{cm:CreateDesktopIcon}"; GroupDescription: "{cm:AdditionalIcons}"; Flags: unchecked

[InstallDelete]
; A library of the older version must not lie beside the new ones. No data of the user is in {app}.
Type: filesandordirs; Name: "{app}\_internal"

[Files]
#include Lists + "\files.iss"

[Icons]
Name: "{autoprograms}\{#AppName}"; Filename: "{app}\{#AppExe}"; AppUserModelID: "Slipstream.Slipstream"
Name: "{autodesktop}\{#AppName}"; Filename: "{app}\{#AppExe}"; Tasks: desktopicon; AppUserModelID: "Slipstream.Slipstream"

[Run]
Filename: "{app}\{#AppExe}"; Description: "{cm:LaunchProgram,{#AppName}}"; Flags: nowait postinstall skipifsilent

[UninstallDelete]
Type: dirifempty; Name: "{app}\_internal"
Type: dirifempty; Name: "{app}"

[Code]
{ Asks about the user's own data, with No as the default; a silent removal always keeps it. }
procedure CurUninstallStepChanged(CurUninstallStep: TUninstallStep);
var
  Folder: String;
begin
  if (CurUninstallStep <> usPostUninstall) or UninstallSilent then
    Exit;
  Folder := ExpandConstant('{#DataDir}');
  if not DirExists(Folder) then
    Exit;
  if MsgBox(FmtMessage(CustomMessage('DeleteData'), [Folder]), mbConfirmation, MB_YESNO or MB_DEFBUTTON2) = IDYES then
    DelTree(Folder, True, True, True);
end;
