namespace Isr.Access;

/// <summary>What somebody may do; each includes those before it.</summary>
internal enum Role
{
    /// <summary>Nobody who is known.</summary>
    None,

    /// <summary>Sees and hears.</summary>
    Listen,

    /// <summary>Deletes, marks, restores.</summary>
    Manage,
}
