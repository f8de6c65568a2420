namespace Pltfrms.Iam.Common.Hosting;

/// <summary>For a service that must say where it is itself.</summary>
public sealed class ListenAddresses
{
    private readonly Listeners _listeners;

    internal ListenAddresses(Listeners listeners) => _listeners = listeners;

    /// <summary>Where the started service's REST listener is, <c>http://127.0.0.1:8082</c>.</summary>
    public string Http() => _listeners.AddressOf(Surface.Http);
}
