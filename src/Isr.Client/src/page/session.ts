import { useEffect, useState } from 'preact/hooks';
import { getJson } from '../api/client';
import { useTries } from '../archive/tries';

export interface Session {
  signed_in: boolean;
  role: string;
}

let asked: Promise<Session> | null = null;

/** Who looks at the page: asked once, as signing in and out load it anew. Null until known. */
export function useSession(): Session | null {
  const [session, setSession] = useState<Session | null>(null);
  const [failed, setFailed] = useState(false);
  const { tries } = useTries(failed);
  useEffect(() => {
    let here = true;
    asked ??= getJson<Session>('api/session');
    asked.then(
      (answer) => here && setSession(answer),
      // The header says that the server does not answer.
      () => {
        asked = null;
        if (here) setFailed(true);
      },
    );
    return () => void (here = false);
  }, [tries]);
  return session;
}

/** Who may only listen is not offered what would be refused. */
export function useMayManage(): boolean {
  return useSession()?.role === 'manage';
}
