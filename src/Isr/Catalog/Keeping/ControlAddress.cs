using System.Net.Sockets;
using System.Text;
using Isr.Recording.Interop;
using Microsoft.Win32.SafeHandles;

namespace Isr.Catalog.Keeping;

/// <summary>
/// Where the recorder listens for changes: control.sock in the state directory. An address has room for 107 bytes (unix(7)); a longer path
/// is named by the folder, held open for so long.
/// </summary>
internal sealed class ControlAddress : IDisposable
{
    private const string FileName = "control.sock";
    private const int MaxBytes = 107;

    private readonly SafeFileHandle? _folder;

    public ControlAddress(string stateDirectory)
    {
        Path = System.IO.Path.Combine(stateDirectory, FileName);
        if (Encoding.UTF8.GetByteCount(Path) > MaxBytes)
        {
            _folder = LibC.OpenFolder(stateDirectory);
            EndPoint = new UnixDomainSocketEndPoint($"/proc/self/fd/{_folder.DangerousGetHandle()}/{FileName}");
        }
        else
        {
            EndPoint = new UnixDomainSocketEndPoint(Path);
        }
    }

    public string Path { get; }

    public UnixDomainSocketEndPoint EndPoint { get; }

    public void Dispose() => _folder?.Dispose();
}
